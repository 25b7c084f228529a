import { existsSync, readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { before, describe, it } from 'mocha';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { attachGraphqlWs } from '../helpers/peers/graphql-ws-peer.js';
import { attachLegacy } from '../helpers/peers/legacy-peer.js';
import { usePeer } from '../helpers/peers/real-peer.js';
import { reactNative, type NativeOptions } from '../helpers/react-native.js';
import { consumer } from './consumer.js';

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
