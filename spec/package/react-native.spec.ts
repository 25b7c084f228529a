import { existsSync, readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { before, describe, it } from 'mocha';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import { firstValueFrom } from 'rxjs';
import { WebSocket } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { attachGraphqlWs } from '../helpers/peers/graphql-ws-peer.js';
import { attachLegacy } from '../helpers/peers/legacy-peer.js';
import { usePeer } from '../helpers/peers/real-peer.js';
import { consumer } from './consumer.js';

type Handler = ((event: object) => void) | null;
type EventName = 'open' | 'message' | 'error' | 'close';

interface NativeOptions {
  /** Whether its WebSocket tells the subprotocol that the server selected. @defaultValue false */
  readonly tellsProtocol?: boolean;
  /** Whether text comes in binary frames. @defaultValue false */
  readonly binary?: boolean;
}

/** The globals of React Native that differ from those of a browser, and what it has seen of the client. */
function reactNative({ tellsProtocol = false, binary = false }: NativeOptions = {}) {
  const warnings: string[] = [];
  const dialled: { readonly url: string; readonly headers: object }[] = [];

  /** It dials with that of `ws`. Its events have less to tell than those of a browser. */
  class NativeWebSocket {
    readyState = 0;
    protocol: string | undefined;
    onopen: Handler = null;
    onmessage: Handler = null;
    onerror: Handler = null;
    onclose: Handler = null;
    #binaryType = '';
    readonly #socket: WebSocket;

    constructor(url: string, protocols: unknown, options?: { headers?: Record<string, string> }) {
      const { headers = {}, ...unknown } = options ?? {};
      if (Object.keys(unknown).length > 0) warnings.push(Object.keys(unknown).join());
      dialled.push({ url, headers });
      this.#socket = new WebSocket(url, Array.isArray(protocols) ? (protocols as string[]) : [], {
        headers,
      });
      this.#socket.on('open', () => {
        this.readyState = 1;
        if (tellsProtocol) this.protocol = this.#socket.protocol;
        this.#tell('open', {});
      });
      this.#socket.on('message', (data: Buffer) => {
        this.#tell('message', { data: binary ? Uint8Array.from(data).buffer : data.toString() });
      });
      this.#socket.on('error', () => this.#tell('error', {}));
      this.#socket.on('close', (code: number, reason: Buffer) => {
        this.readyState = 3;
        this.#tell('close', { code, reason: reason.toString() });
      });
    }

    send(text: string): void {
      if (this.readyState === 0) throw new Error('INVALID_STATE_ERR');
      this.#socket.send(text);
    }
    close(code?: number, reason?: string): void {
      if (this.readyState > 1) return;
      this.readyState = 2;
      this.#socket.close(code, reason);
    }
    ping(): void {
      this.#socket.ping();
    }

    get binaryType() {
      return this.#binaryType;
    }
    set binaryType(type: string) {
      if (!['blob', 'arraybuffer'].includes(type)) throw new Error(`binaryType ${type}`);
      this.#binaryType = type;
    }

    #tell(name: EventName, event: object): void {
      this[`on${name}`]?.({ type: name, ...event });
    }
  }
  return { warnings, dialled, globals: { WebSocket: NativeWebSocket, URL: NativeURL } };
}

/** It has getters only, checks nothing, and ends each URL with a slash. */
class NativeURL {
  readonly #url: string;
  constructor(url: string, base?: string) {
    this.#url = `${base ?? ''}${url}`.replace(/\/?$/, '/');
  }
  get href() {
    return this.toString();
  }
  get protocol() {
    return /^[a-z]+:/.exec(this.#url)?.[0] ?? '';
  }
  get hash(): string {
    throw new Error('not implemented');
  }
  get host(): string {
    throw new Error('not implemented');
  }
  get pathname(): string {
    throw new Error('not implemented');
  }
  get searchParams(): object {
    throw new Error('not implemented');
  }
  toString() {
    return this.#url;
  }
}

const protocols = {
  'graphql-transport-ws': { attach: attachGraphqlWs, subprotocols: undefined },
  // the first offer is assumed
  'graphql-ws': { attach: attachLegacy, subprotocols: ['graphql-ws'] },
};

interface App {
  graphqlSocket(config: GraphQLSocketConfig): GraphQLSocket;
}

describe('in React Native', function () {
  this.timeout(180_000);
  const start = usePeer();
  const bundles: Record<string, string> = {};

  before(async () => {
    const { directory } = consumer();
    for (const [how, code] of [
      ['import', `import * as all from 'rx-graphql-ws'; globalThis.app = all;`],
      ['require', `globalThis.app = require('rx-graphql-ws');`],
    ] as const) {
      const { outputFiles, metafile } = await build({
        stdin: { contents: code, resolveDir: directory },
        absWorkingDir: directory,
        bundle: true,
        platform: 'neutral',
        format: 'iife',
        conditions: ['react-native'],
        mainFields: ['react-native', 'browser', 'main'],
        write: false,
        metafile: true,
        logLevel: 'error',
      });
      expect(Object.keys(metafile.inputs).join()).to.include('rx-graphql-ws/dist/browser/');
      expect(Object.keys(metafile.inputs).join()).not.to.match(/\/(isomorphic-)?ws\//);
      bundles[how] = outputFiles[0]!.text;
    }
  });

  function run(options?: NativeOptions, how = 'import') {
    const native = reactNative(options);
    const timers = { setTimeout, clearTimeout, setInterval, clearInterval };
    const scope = createContext({
      ...{ ...timers, ...native.globals, navigator: { product: 'ReactNative' } },
    }) as { app: App };
    runInContext(bundles[how]!, scope);
    return { ...native, ...scope.app };
  }

  for (const [speaks, { attach, subprotocols }] of Object.entries(protocols))
    for (const options of [{}, { tellsProtocol: true }, { binary: true }])
      for (const how of ['import', 'require'])
        it(`the client works over ${speaks}, from ${how}, ${JSON.stringify(options)}`, async () => {
          const peer = await start(attach);
          const { graphqlSocket, warnings, dialled } = run(options, how);
          const url = `${peer.url}?token=a#fragment`;
          const socket = graphqlSocket({ url, subprotocols, retry: { delay: 5 } });
          const states: string[] = [];
          socket.status$.subscribe((status) => {
            states.push(
              status.state === 'connected' ? `connected ${status.subprotocol}` : status.state,
            );
          });
          const ticks: { ticks: number }[] = [];
          socket
            .subscribe$<{ ticks: number }>('subscription { ticks }')
            .subscribe((data) => ticks.push(data));
          await eventually(() => expect(ticks.length).to.be.greaterThan(2));
          const { hello } = await firstValueFrom(
            socket.query$<{ hello: string[] }>('{ hello(name: "ü") }'),
          );
          expect(hello.join()).to.equal('hello ü');
          expect(dialled[0]?.url).to.equal(`${peer.url}?token=a`);
          peer.close(1012);
          const before = ticks.length;
          await eventually(() => expect(ticks.length).to.be.greaterThan(before + 2));
          expect(states.filter((state) => state.startsWith('connected'))).to.deep.equal([
            ...[`connected ${speaks}`, `connected ${speaks}`],
          ]);
          expect(warnings).to.deep.equal([]);
          socket.close();
          await eventually(() => expect(peer.connections).to.equal(0));
        });

  it('headers reach the server, afresh for each dial, and nothing else is passed on', async () => {
    const peer = await start(attachGraphqlWs);
    const { graphqlSocket, warnings } = run();
    let dials = 0;
    const socket = graphqlSocket({
      url: peer.url,
      webSocketOptions: () => ({ headers: { 'x-user': `user ${(dials += 1)}` } }),
      retry: { delay: 5 },
    });
    const viewer = () => firstValueFrom(socket.query$<{ viewer: string }>('{ viewer }'));
    expect((await viewer()).viewer).to.equal('user 1');
    await eventually(() => expect(peer.connections).to.equal(0));
    expect((await viewer()).viewer).to.equal('user 2');
    expect(warnings).to.deep.equal([]);
    socket.close();
  });

  it('other options are refused by name', () => {
    const { graphqlSocket } = run();
    for (const webSocketOptions of [{ perMessageDeflate: false }, { headers: {}, agent: {} }, []])
      expect(() =>
        graphqlSocket({ url: 'ws://127.0.0.1:1/', webSocketOptions: webSocketOptions as object }),
      ).to.throw('expected `webSocketOptions` to be an object of `headers` alone, got');
  });

  it('a URL that is none is refused, and a server that is not there is no crash', async () => {
    const { graphqlSocket } = run();
    for (const url of ['/graphql', 'ftp://example.org/', 'ws://user:secret@', ''])
      expect(() => graphqlSocket({ url }))
        .to.throw()
        .that.includes({ name: 'ConfigurationError', option: 'url' });
    const url = 'ws://user:secret@127.0.0.1:1/graphql?secret';
    const socket = graphqlSocket({ url, retry: false });
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionError');
    expect(error.message).to.equal('could not connect to ws://127.0.0.1:1/graphql');
  });

  it('a bundler that knows no conditions finds the same build', () => {
    const path = 'node_modules/rx-graphql-ws';
    const root = `${consumer().directory}/${path}`;
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      'react-native': string;
      exports: Record<string, Record<string, { require?: { default: string } }>>;
    };
    expect(existsSync(`${root}/${manifest['react-native']}`)).to.equal(true);
    expect(manifest['react-native']).to.equal(
      manifest.exports['.']?.['react-native']?.require?.default,
    );
  });
});
