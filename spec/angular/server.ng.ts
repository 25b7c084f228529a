import { changeDetection } from './test-bed.js';
import type { Type } from '@angular/core';
import { Component } from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket } from 'rx-graphql-ws';
import {
  inBrowser,
  injectGraphQLSocket,
  injectSubscription,
  outsideZone,
  provideGraphQLSocket,
} from 'rx-graphql-ws/angular';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import type { Observable } from 'rxjs';
import { concat, concatWith, map, NEVER, of, timeout } from 'rxjs';
import { WebSocket } from 'ws';
import { useServer } from '../helpers/use-server.js';

const query = 'subscription Price { price }';
interface Data {
  readonly price: number;
}

const subscribe = () => injectGraphQLSocket().subscribe$<Data>(query);

@Component({ selector: 'app-root', template: '{{ price()?.price ?? "none" }}' })
class Signal {
  readonly price = toSignal(subscribe());
}

@Component({ selector: 'app-root', template: '{{ price()?.price ?? "none" }}' })
class Timers {
  readonly price = toSignal(subscribe().pipe(concatWith(NEVER), timeout(60_000), outsideZone()));
}

@Component({
  selector: 'app-root',
  template: '{{ price.status() }} {{ price.value()?.price ?? "none" }}',
})
class InBrowser {
  readonly socket = injectGraphQLSocket();
  readonly price = rxResource({
    params: inBrowser(() => ({ query })),
    stream: ({ params }) => this.socket.subscribe$<Data>(params.query),
  });
}

@Component({ selector: 'app-root', template: '{{ price.status() }}' })
class Resource {
  readonly socket = injectGraphQLSocket();
  readonly price = rxResource({ stream: () => this.socket.subscribe$<Data>(query) });
}

@Component({
  selector: 'app-root',
  template: '{{ price.status() }} {{ price.value()?.price ?? "none" }}',
})
class Subscription {
  readonly price = injectSubscription<Data>(() => query);
}

const pages: readonly [string, Type<unknown>, string][] = [
  ['a subscription as a signal', Signal, 'none'],
  ['a timer of 60 s behind outsideZone()', Timers, 'none'],
  ['an rxResource with inBrowser()', InBrowser, 'idle none'],
  ['an rxResource without it', Resource, 'error'],
  ['injectSubscription()', Subscription, 'pending none'],
];

describe('on the server', () => {
  const serve = useServer();
  let server: GraphQLTestServer;
  let dials: number;

  class Counted extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      dials += 1;
    }
  }

  beforeEach(async () => {
    dials = 0;
    server = await serve({ handle: () => concat(of({ data: { price: 7 } }), NEVER) });
  });

  /** The page that the component makes, within a second. */
  async function render(
    component: Type<unknown>,
    socket = provideGraphQLSocket({ url: server.url, webSocketImpl: Counted }),
  ): Promise<string | undefined> {
    const providers = [provideServerRendering(), changeDetection(), socket];
    const started = performance.now();
    const html = await renderApplication(
      (context) => bootstrapApplication(component, { providers }, context),
      { document: '<html><body><app-root></app-root></body></html>' },
    );
    expect(performance.now() - started).to.be.below(1_000);
    return /<app-root[^>]*>(.*?)</.exec(html)?.[1];
  }

  before(async () => {
    Object.assign(globalThis, { ngServerMode: true });
    // the first one takes longer
    server = await serve();
    await render(Signal);
  });

  after(() => {
    Object.assign(globalThis, { ngServerMode: false });
  });

  for (const [what, component, page] of pages) {
    it(`${what} is rendered at once, and no socket is dialled`, async () => {
      expect(await render(component)).to.equal(page);
      expect(dials).to.equal(0);
    });

    it(`so is it while the feed is down`, async () => {
      await server.stop();
      expect(await render(component)).to.equal(page);
    });
  }

  it('streams of operations complete without a value, and the status is idle', async () => {
    const { status, ...others } = await outcomes((socket) => ({
      subscribe: socket.subscribe$(query),
      execute: socket.execute$('{ a }'),
      payload: socket.payload$('{ a }'),
      connection: socket.connection$,
      status: socket.status$.pipe(map(({ state }) => state)),
    }));
    const end = ['complete'];
    expect(others).to.deep.equal({ subscribe: end, execute: end, payload: end, connection: end });
    // closed with the application
    expect(status).to.deep.equal(['idle', 'closed', 'complete']);
  });

  for (const name of ['query$', 'mutate$'] as const)
    it(`${name} errors, and names HttpClient`, async () => {
      const seen = await outcomes((socket) => ({ [name]: socket[name]('{ a }') }));
      const [error] = seen[name] ?? [];
      expect(error).to.include({ name: 'ConfigurationError', option: name });
      expect((error as Error).message).to.include('HttpClient');
    });

  it('a function for the options is not called, because it may need the browser', async () => {
    let calls = 0;
    const config = () => {
      calls += 1;
      return { url: location.href };
    };
    expect(await render(Signal, provideGraphQLSocket(config))).to.equal('none');
    expect(calls).to.equal(0);
  });

  /** What the streams of a socket emit on the server. */
  async function outcomes(
    streams: (socket: GraphQLSocket) => Readonly<Record<string, Observable<unknown>>>,
  ): Promise<Readonly<Record<string, unknown[]>>> {
    const seen: Record<string, unknown[]> = {};
    @Component({ selector: 'app-root', template: '' })
    class App {
      readonly recorded = Object.entries(streams(injectGraphQLSocket())).map(([name, stream$]) => {
        const all: unknown[] = (seen[name] = []);
        const note = (what: unknown) => all.push(what);
        return stream$.subscribe({ next: note, error: note, complete: () => note('complete') });
      });
    }
    await render(App);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(dials).to.equal(0);
    return seen;
  }
});
