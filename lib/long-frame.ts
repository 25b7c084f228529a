import type { Observable } from 'rxjs';

/** A frame of which text is made only when it is asked for. */
export interface LongFrame {
  /** What it begins with. What is not ASCII may be something else. */
  readonly head: string;
  toString(): string;
}

/** A frame as it comes. */
export type Frame = string | LongFrame;

/** Of what a WebSocket may give. */
export function isLongFrame(data: unknown): data is LongFrame {
  return typeof data === 'object' && data !== null && 'head' in data;
}

/** With the stream itself, not beside it: a user may put another in its place. */
const key = Symbol();

interface Texts extends Observable<string> {
  readonly [key]?: Observable<Frame>;
}

/** Says where the frames come from of which `text$` is the text. */
export function textOf(frame$: Observable<Frame>, text$: Observable<string>): Observable<string> {
  return Object.defineProperty(text$, key, { value: frame$ });
}

/** The same frames, without making text of those that are long where that is possible. */
export function framesOf(text$: Observable<string>): Observable<Frame> {
  return (text$ as Texts)[key] ?? text$;
}
