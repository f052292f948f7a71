import text from "../../initialization.yml" with { type: "text" };
import { type DescribedObject, parseDescription } from "./description.ts";
import { bucketPath, type CollectionName, collectionPath } from "./kinto_request.ts";

/**
 * What initialization.yml says of the bucket and the collection, under these names. The file is a
 * part of the program, so that it's found wherever and however that runs.
 */
export async function initialization(
  { bucket, collection }: CollectionName,
): Promise<[bucket: DescribedObject, collection: DescribedObject]> {
  const [first, second] = await parseDescription(text);
  if (!first || !second) throw new Error("initialization.yml: a bucket and a collection expected");
  return [
    { ...first, name: `bucket ${bucket}`, path: bucketPath(bucket) },
    {
      ...second,
      name: `collection ${bucket}/${collection}`,
      path: collectionPath({ bucket, collection }),
    },
  ];
}
