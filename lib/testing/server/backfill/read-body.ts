import type { IncomingMessage } from 'node:http';

/**
 * The body of an HTTP request, as text.
 *
 * @param incoming - the request
 * @param limit - bytes
 * @returns `undefined` when there are more bytes than that; they are read all the same, or the client would not come to read its answer
 * @throws Error when the client leaves before the end
 */
export async function readBody(
  incoming: IncomingMessage,
  limit: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : new TextDecoder().decode(Buffer.concat(chunks));
}
