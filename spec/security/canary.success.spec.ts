import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { useCalm } from '../helpers/net/use-calm.js';
import { canary } from './canary.js';
import { refreshing, secretive } from './secretive.js';
import { useEndurance } from './use-endurance.js';

const streams = ['subscribe$', 'payload$', 'execute$', 'query$', 'mutate$', 'messages$'];

describe('a secret is in nothing that a socket object gives, while all goes well', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();

  for (const [how, config] of [
    ['given as they are', secretive],
    ['asked for at each attempt', refreshing],
  ] as const)
    for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
      it(`over ${subprotocol}, with options ${how}`, async () => {
        const { server, socket, out } = await endures({
          server: { subprotocols: [subprotocol] },
          config,
        });
        for (const name of [...streams, 'events$', 'status$', 'connection$'])
          expect(out.has(`a value of ${name}`), name).to.equal(true);
        // the secrets were sent
        const sent = server.ledger.entries.map((entry) => JSON.stringify(entry)).join();
        for (const secret of [`Bearer ${canary}`, `?token=${canary}`, `"token":"${canary}"`])
          expect(sent).to.include(secret.replaceAll('"', '"'));
        expect(sent).to.include(`{"Authorization":"${canary}"`);

        socket.close();
        await delay(50);
        expect(out.has('the end of status$')).to.equal(true);
        out.watch('a stream after the end', socket.subscribe$('subscription { a }'));
        out.expectNoSecret();
        await delay(5);
        out.expectNoSecret();
        expect(out.has('the error of a stream after the end')).to.equal(true);
      });

  it('of an observer is not in what another observer is given', async () => {
    const { socket, out } = await endures({});
    const observer = { next: () => {}, error: () => {}, token: canary };
    const subscriptions = [
      socket.status$,
      socket.events$,
      socket.connection$,
      socket.subscribe$('subscription { a }'),
    ].map((stream$) => stream$.subscribe(observer));
    await delay(20);
    out.expectNoSecret();
    for (const subscription of subscriptions) subscription.unsubscribe();
  });
});
