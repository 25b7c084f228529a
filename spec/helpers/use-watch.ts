import { createHook } from 'node:async_hooks';
import { afterEach } from 'mocha';

const kinds = /^(?:Timeout|T\w*WRAP|GETADDRINFOREQWRAP)$/;

/** Tells what was opened since: the kinds of timers, sockets and servers that are not gone yet. */
export type Watch = () => readonly string[];

/** Watches what keeps the process alive, of whomever, until the end of the test: what is older is not in the way. */
export function useWatch(): () => Watch {
  let stop = () => {};
  afterEach(() => stop());
  return () => {
    const open = new Map<number, { type: string; resource: { hasRef?(): boolean } }>();
    const hook = createHook({
      init(id, type, _trigger, resource: object) {
        if (kinds.test(type)) open.set(id, { type, resource });
      },
      destroy: (id) => void open.delete(id),
    }).enable();
    stop = () => void hook.disable();
    return () =>
      [...open.values()]
        .filter(({ resource }) => resource.hasRef?.() !== false)
        .map(({ type }) => type);
  };
}
