/**
 * Decodes percent-encoded text; a percent sign that begins no escape stands for itself.
 *
 * @returns undefined when it isn't UTF-8
 */
export function decodePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    return undefined;
  }
}
