/** A message of the client's, parsed; what is not a JSON object as `{ frame }`. */
export type SentMessage = Readonly<Record<string, unknown>>;

/** The message in a frame. */
export function parseSent(frame: string): SentMessage {
  try {
    const message: unknown = JSON.parse(frame);
    if (typeof message === 'object' && message !== null && !Array.isArray(message))
      return message as SentMessage;
  } catch {
    // a codec of the user's may write anything
  }
  return { frame };
}
