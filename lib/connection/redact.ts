import type { ClientMessage, Codec } from '../protocol/codec.js';

const redacted = '[redacted]';

/**
 * What may be shown of a message, and of its frame. The payload of an init is the user's credentials, and so may be what is in
 * `extensions` (AppSync's `authorization`); the hash of a persisted query tells operations without text apart, and is no secret.
 */
export function redact(
  message: ClientMessage,
  frame: string,
  codec: Codec,
): [message: ClientMessage, text: string] {
  const { type, payload } = message as { type: string; payload?: object };
  const { extensions } = Object(payload) as { extensions?: object };
  const isInit = type === 'init';
  if (isInit ? payload === undefined : type !== 'subscribe' || !extensions) return [message, frame];
  const names = Object.entries(extensions ?? {}).map(([name, value]) => [
    name,
    name === 'persistedQuery' ? (value as unknown) : redacted,
  ]);
  const shown = {
    ...message,
    payload: isInit ? redacted : { ...payload, extensions: Object.fromEntries(names) as object },
  } as ClientMessage;
  try {
    return [shown, codec.encode(shown)];
  } catch {
    // a dialect that reads what is hidden
    return [shown, redacted];
  }
}
