import { asapScheduler } from 'rxjs';

/** What of a Node stream holds writes back. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

/**
 * Returns what to call before each write: all that is written in one turn of the event loop then goes out at once. Ten thousand
 * operations that start together would be as many system calls.
 */
export function gatherWrites(stream: Corkable): () => void {
  let gathering = false;
  const flush = () => {
    gathering = false;
    stream.uncork();
  };
  return () => {
    if (gathering) return;
    gathering = true;
    stream.cork();
    asapScheduler.schedule(flush);
  };
}
