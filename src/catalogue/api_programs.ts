/** A program in each language. */
export interface Programs {
  curl: string;
  python: string;
  javascript: string;
}

/**
 * Programs that send a search request. In the code, SERVER stands for the server's origin.
 *
 * @param path of the collection
 * @param uses what they do with the variable `answer`
 */
export function searchPrograms(
  path: string,
  body: object,
  uses: Omit<Programs, "curl">,
): Programs {
  return {
    curl: `curl -s "SERVER${path}/search" -H "Content-Type: application/json" -d '${
      literal(body, true)
    }'`,
    python: `import json, urllib.request

request = ${literal(body, true)}
with urllib.request.urlopen(urllib.request.Request(
    "SERVER${path}/search",
    data=json.dumps(request).encode(),
    headers={"Content-Type": "application/json"},
)) as response:
    answer = json.load(response)
${uses.python}`,
    javascript: `const request = ${literal(body, false)};
const response = await fetch("SERVER${path}/search", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(request),
});
const answer = await response.json();
${uses.javascript}`,
  };
}

/** The same for a text in Lucene's syntax. */
export function textSearchPrograms(
  path: string,
  text: string,
  uses: Omit<Programs, "curl">,
): Programs {
  return {
    curl: `curl -sG "SERVER${path}/search" \\
  --data-urlencode "q=${text}"`,
    python: `import json, urllib.parse, urllib.request

q = urllib.parse.quote("${text}")
with urllib.request.urlopen("SERVER${path}/search?q=" + q) as response:
    answer = json.load(response)
${uses.python}`,
    javascript: `const q = encodeURIComponent("${text}");
const response = await fetch(\`SERVER${path}/search?q=\${q}\`);
const answer = await response.json();
${uses.javascript}`,
  };
}

/** The longest line of a body. */
const LINE_LENGTH = 88;

/** A value as Python's and JavaScript's literal, in lines that aren't too long. */
function literal(value: unknown, quotesNames: boolean, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const partsWith = (indent: string) =>
    Object.entries(value).map(([name, part]) => {
      const shown = literal(part, quotesNames, indent);
      if (isList) return shown;
      return `${quotesNames || !/^\w+$/.test(name) ? JSON.stringify(name) : name}: ${shown}`;
    });
  const [open, close] = isList ? "[]" : "{}";
  const padding = isList ? "" : " ";
  const line = `${open}${padding}${partsWith("").join(", ")}${padding}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= LINE_LENGTH - 20) return line;
  const deeper = `${indent}  `;
  return `${open}\n${
    partsWith(deeper).map((part) => deeper + part).join(",\n")
  }\n${indent}${close}`;
}
