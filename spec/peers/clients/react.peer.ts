import './dom.js';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { act, createElement as h, StrictMode, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { useSocket } from '../../helpers/use-socket.js';
import { useSubscription } from '../examples/use-subscription.js';
import { tradesServer } from './trades-server.js';

const query = 'subscription Trade($id: ID!) { trade(id: $id) { id price } }';

interface Props {
  readonly socket: GraphQLSocket;
  readonly id: string;
  readonly of?: string;
}

const Trade: FunctionComponent<Props> = ({ socket, id, of = query }) => {
  const { data, error } = useSubscription<{ trade: { id: string; price: number } }>(socket, of, {
    id,
  });
  if (error) return h('p', null, (error as Error).name);
  return h('p', null, data ? `${data.trade.id} ${String(data.trade.price)}` : 'nothing');
};

describe("React's hook on a socket object", function () {
  this.timeout(20_000);
  const connect = useSocket();
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  const setUp = async (config = {}) => {
    const server = await tradesServer();
    const socket = connect({ url: server.url, ...config });
    const place = document.querySelector('main')!;
    const root = createRoot(place);
    stops.push(server.stop);
    const render = (props: Partial<Props>, strict = false) =>
      act(async () => {
        const trade = h(Trade, { socket, id: 'a', ...props });
        root.render(strict ? h(StrictMode, null, trade) : trade);
        await Promise.resolve();
      });
    const unmount = () =>
      act(async () => {
        root.unmount();
        await Promise.resolve();
      });
    const text = () => place.textContent;
    /** Until a price is shown that was not shown before. */
    const advance = async (id = 'a') => {
      const before = text();
      await act(() =>
        eventually(() => {
          expect(text())
            .to.match(new RegExp(`^${id} \\d+$`))
            .and.to.not.equal(before);
        }, 8_000),
      );
    };
    return { server, socket, render, unmount, text, advance };
  };

  it('shows the last value, and leaves with the component', async () => {
    const { server, render, unmount, text, advance } = await setUp();
    await render({});
    expect(text()).to.equal('nothing');
    await advance();
    await advance();
    await render({});
    await advance();
    expect(server.operations).to.have.length(1);
    await unmount();
    await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
  });

  for (const linger of [0, 1_000])
    it(`leaves one operation under StrictMode, with a linger of ${linger} ms`, async () => {
      const { server, render, unmount, advance } = await setUp({ linger });
      await render({}, true);
      await advance();
      await advance();
      expect(server.operations).to.have.length.within(1, 2);
      expect([...server.running]).to.deep.equal([['a', 1]]);
      await unmount();
      await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
    });

  it('begins anew when the variables change, and not when they are equal', async () => {
    const { server, render, unmount, advance } = await setUp();
    await render({});
    await advance();
    await render({ id: 'b' });
    await advance('b');
    await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
    expect(server.running.get('b')).to.equal(1);
    expect(server.operations).to.have.length(2);
    await unmount();
  });

  it('goes on through a restart of the server, and shows the last value meanwhile', async () => {
    const { server, render, unmount, text, advance } = await setUp();
    await render({});
    await advance();
    await act(() => server.restart());
    expect(text()).to.match(/^a \d+$/);
    await advance();
    await unmount();
  });

  it('shows an error', async () => {
    const { render, unmount, text } = await setUp();
    await render({ of: 'subscription { nothing }' });
    await act(() => eventually(() => expect(text()).to.equal('OperationError'), 5_000));
    await unmount();
  });

  it('dials nothing on a server', async () => {
    const { server, socket } = await setUp();
    expect(renderToString(h(Trade, { socket, id: 'a' }))).to.equal('<p>nothing</p>');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.dials).to.equal(0);
  });
});
