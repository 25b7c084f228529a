import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useCalm } from '../helpers/net/use-calm.js';
import { corruptionNames } from '../rig/corruption.js';
import { garbageNames } from '../rig/garbage.js';
import type { RigServer } from '../rig/rig-server.js';
import { allOf, useEndurance } from './use-endurance.js';

type Fault = (server: RigServer) => void;

/** Without the deep and the long ones, because they take time and hold no secret. */
const garbage = garbageNames.filter(
  (name) => !['deep-nesting', 'id-huge', 'ping-flood'].includes(name),
);
const corruption = corruptionNames.filter((name) => name !== 'control-ping-flood');

const groups: Readonly<Record<string, readonly (readonly [string, Fault])[]>> = {
  garbage: garbage.map((name) => [name, (server) => server.garble(name)]),
  corruption: corruption.map((name) => [name, (server) => server.corrupt(name)]),
  'a close': [1000, 1001, 1011, 1012, 4400, 4401, 4409, 4500].map((code) => [
    String(code),
    ({ close }) => close(code, 'no'),
  ]),
  'a loss': [
    ['drop', ({ drop }) => drop()],
    ['restart', ({ restart }) => restart(20)],
    ['half-open', ({ halfOpen }) => halfOpen()],
    ['silence', ({ silence }) => silence()],
  ],
  'the end of operations': [
    ['fail', ({ fail }) => fail()],
    ['complete', ({ complete }) => complete()],
  ],
};

/** With what comes before the fault; what comes of it need not be waited for. */
const patient = { connectTimeout: 5_000, ackTimeout: 5_000, pingInterval: 100, pongTimeout: 150 };

describe('a secret is in nothing that a socket object gives, after', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();

  for (const [group, faults] of Object.entries(groups))
    it(`${group} of each kind`, async () => {
      await allOf(faults, async (fault) => {
        const { out } = await endures({ after: fault, further: patient });
        expect(out.has('a value of subscribe$')).to.equal(true);
      });
    });

  it('a third frame that is malformed', async () => {
    let frames = 0;
    const { out } = await endures({
      server: {
        script: (peer) => {
          peer.send({ type: 'connection_ack' });
          peer.send(`{"type": ${String((frames += 1))}`);
        },
      },
      further: { retry: { delay: 5 } },
    });
    expect(frames).to.be.at.least(3);
    expect(out.has('a value of status$')).to.equal(true);
  });
});
