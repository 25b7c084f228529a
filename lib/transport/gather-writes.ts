import { asapScheduler } from 'rxjs';

/** What of a Node stream holds writes back. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Holds writes back, to let them go together. */
export interface WriteGatherer {
  /** To be called before each write. */
  gather(): void;
  /** Does not wait for the end of the turn: the process may not live that long. */
  flush(): void;
}

/**
 * What is written in one turn of the event loop goes out at once, at its end. Ten thousand operations that start together would be
 * as many system calls.
 */
export function gatherWrites(stream: Corkable): WriteGatherer {
  let gathering = false;
  const flush = () => {
    if (gathering) stream.uncork();
    gathering = false;
  };
  return {
    gather() {
      if (gathering) return;
      gathering = true;
      stream.cork();
      asapScheduler.schedule(flush);
    },
    flush,
  };
}
