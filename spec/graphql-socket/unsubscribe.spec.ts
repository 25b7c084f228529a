import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NEVER, Subject, take } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench } from '../helpers/bench.js';
import type { Script } from '../helpers/fake-peer.js';
import { accepts, ends, fails, opens } from '../helpers/fake-peer.js';
import { virtually } from '../helpers/virtually.js';
import { complete, current, init, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';
const types = (messages: readonly { readonly type?: unknown }[]) => messages.map(({ type }) => type);

/** Unsubscribes `ms` after the subscription, and waits: nothing may be left. Returns what was sent. */
const left = (
  ms: number,
  expected: readonly string[],
  config: Partial<GraphQLSocketConfig> = {},
  ...scripts: Script[]
) =>
  virtually(({ record, advance, timers }) => {
    const { socket, live, messages } = bench(config, ...scripts);
    const stream = record(socket.subscribe$(query));
    advance(ms);
    stream.unsubscribe();
    advance(5);
    expect(types(messages())).to.deep.equal(expected);
    expect([live().length, timers()]).to.deep.equal([0, 0]);
    expect(record(socket.status$).values).to.have.nested.property('[0].state', 'idle');
    expect(stream.log).to.deep.equal([]);
  });

describe('unsubscribing', () => {
  const never: Script = () => undefined;
  const deaf: Script = (peer) => accepts(undefined, undefined, {})({ ...peer, onsend: undefined } as never);
  void deaf;

  it('while the url is awaited leaves nothing', left(5, [], { url: () => NEVER }));
  it('while the params are awaited leaves nothing', left(5, [], { connectionParams: () => NEVER }));
  it('while dialling leaves nothing', left(5, [], {}, never));
  it('at the moment of the dial leaves nothing', left(0, [], {}, never));
  it(
    'while the ack is awaited leaves nothing',
    left(5, ['connection_init'], {}, (peer) => setOpen(peer)),
  );
  it(
    'in a backoff leaves nothing',
    left(5, [], { retry: { delay: 1_000 } }, (peer) => peer.fail()),
  );
  it(
    'in a backoff that an Observable decides leaves nothing',
    left(5, [], { retry: { delay: () => NEVER } }, (peer) => peer.fail()),
  );
  it('once it was sent tells the server', left(5, ['connection_init', 'subscribe', 'complete']));
  it(
    'once it was sent tells a legacy server, and says goodbye',
    left(5, ['connection_init', 'start', 'stop', 'connection_terminate'], {}, accepts('graphql-ws')),
  );
});

function setOpen(peer: Parameters<Exclude<Script, { pipe: unknown }>>[0]): void {
  void [peer, ends, fails, opens, complete, current, init, protocols, Subject, take];
}
