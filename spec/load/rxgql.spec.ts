import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { interval, map, mergeMap, range, takeWhile } from 'rxjs';
import { type Rxgql, useRxgql } from '../cli/rig/use-rxgql.js';
import { useServer } from '../helpers/use-server.js';

/** Results a second that the server offers, and that the reader takes. */
const offered = 20_000;
const taken = 1_000;
/** ms from the first output until the memory counts. */
const warmUp = 1_000;

/** What a slow reader of the program has seen. */
interface SlowRun {
  readonly code: number | null;
  readonly lines: number;
  /** The first line that is not the expected one. */
  readonly wrong: string | undefined;
  /** Bytes by which the resident memory of the program grew at most while the reader was slow. */
  readonly growth: number;
}

/**
 * Reads the program's output slowly for some seconds, while its server offers far more, and then the rest at full speed. The output passes through
 * this process by chunks, so a chunk is followed by the pause that its lines take.
 *
 * @param size - characters of a result: all that is offered must be more than the program may grow
 */
async function readSlowly(
  rxgql: Rxgql,
  serve: (options: GraphQLTestServerOptions) => Promise<GraphQLTestServer>,
  seconds: number,
  size: number,
): Promise<SlowRun> {
  const batch = offered / 100;
  const { url } = await serve({
    ledger: { history: false },
    handle: () =>
      interval(10).pipe(
        takeWhile((n) => n < seconds * 100),
        mergeMap((n) => range(n * batch, batch)),
        map((n) => ({ data: { n, text: 'x'.repeat(size) } })),
      ),
  });
  const { child, exited } = rxgql.startPaused(url, 'subscription { n }', '--quiet');
  let begun = Infinity;
  const memory: number[] = [];
  const watch = setInterval(() => {
    const age = performance.now() - begun;
    const counts = age > warmUp && age < seconds * 1_000 && child.exitCode === null;
    if (counts) memory.push(residentOf(child.pid as number));
  }, 100);
  let lines = 0;
  let wrong: string | undefined;
  let rest = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    // the program has started: on a busy machine that takes seconds
    begun = Math.min(begun, performance.now());
    const texts = (rest + chunk.toString()).split('\n');
    rest = texts.pop() as string;
    for (const text of texts) {
      if (!text.startsWith(`{"data":{"n":${lines},`)) wrong ??= `${lines}: ${text}`;
      lines += 1;
    }
    if (performance.now() - begun < seconds * 1_000) await delay((texts.length * 1_000) / taken);
  }
  clearInterval(watch);
  const growth = Math.max(...memory) - (memory[0] ?? NaN);
  return { code: await exited, lines, wrong: wrong ?? (rest || undefined), growth };
}

function residentOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

describe('rxgql under load', function () {
  this.timeout(180_000);
  const serve = useServer();
  const rxgql = useRxgql();

  it('grows by at most 50 MB in 30 s of 20 000 results a second and a reader of 1 000, and loses nothing', async () => {
    const { code, lines, wrong, growth } = await readSlowly(rxgql, serve, 30, 80);
    expect([code, wrong]).to.deep.equal([0, undefined]);
    expect(lines).to.equal(600_000);
    expect(growth / 2 ** 20).to.be.at.most(50);
  });
});
