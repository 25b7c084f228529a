import { afterEach } from 'mocha';
import { faultyProxy, type FaultyProxy } from './faulty-proxy.js';

/** To be shown in the title of the suite: `FAULTY_PROXY_SEED=7 npx mocha …` replays what was random. */
export const proxySeed = Number(process.env.FAULTY_PROXY_SEED ?? 1);

/** Starts proxies before a server, which are stopped after each test of the suite. */
export function useFaultyProxy(): (target: number | string, seed?: number) => Promise<FaultyProxy> {
  const proxies: FaultyProxy[] = [];
  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop();
  });
  return async (target, seed = proxySeed) => {
    const port = typeof target === 'number' ? target : Number(new URL(target).port);
    const proxy = await faultyProxy(port, { seed });
    proxies.push(proxy);
    return proxy;
  };
}
