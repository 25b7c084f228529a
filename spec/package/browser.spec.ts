import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { before, describe, it } from 'mocha';
import type { FakeSocket } from 'rx-graphql-ws/testing';
import type { Consumer } from './consumer.js';
import { consumer } from './consumer.js';

/** A page that uses the package, and a server behind its WebSocket that answers each message as the protocol wants. */
const program = `
  const later = (work) => setTimeout(work);
  globalThis.fake = fakeSocket({
    dialled: (peer) => later(() => peer.open()),
    received: ({ type, id }, peer) => later(() => {
      if (type === 'connection_init') peer.ack();
      if (type !== 'subscribe') return;
      peer.next(id, { price: 1 });
      peer.complete(id);
    }),
  });
  globalThis.subscribe = (observer) =>
    graphqlSocket({ url: 'wss://example.org/graphql' }).subscribe$('subscription { price }').subscribe(observer);
`;

const sources = {
  'an import': `
    import { graphqlSocket } from 'rx-graphql-ws';
    import { fakeSocket } from 'rx-graphql-ws/testing';
    ${program}
  `,
  'a require': `
    const { graphqlSocket } = require('rx-graphql-ws');
    const { fakeSocket } = require('rx-graphql-ws/testing');
    ${program}
  `,
};

interface Page {
  subscribe(observer: object): void;
  readonly fake: FakeSocket;
}

describe('in a browser bundle', function () {
  this.timeout(60_000);
  let installed: Consumer;

  before(() => {
    installed = consumer();
  });

  for (const [name, contents] of Object.entries(sources)) {
    describe(`made from ${name}`, () => {
      let page: Page;
      let inputs: string[];

      before(async () => {
        const { metafile, outputFiles } = await build({
          stdin: { contents, resolveDir: installed.directory },
          absWorkingDir: installed.directory,
          bundle: true,
          platform: 'browser',
          write: false,
          metafile: true,
          logLevel: 'error',
        });
        inputs = Object.keys(metafile.inputs);
        page = createContext({ setTimeout, clearTimeout, setInterval, clearInterval, URL }) as Page;
        runInContext(outputFiles[0]!.text, page);
      });

      const outcome = () =>
        new Promise<unknown>((resolve, reject) => {
          page.subscribe({ next: resolve, error: reject });
        });

      it('there is no ws', () => {
        expect(inputs.join()).to.include('node_modules/rx-graphql-ws/dist/browser/');
        expect(inputs.join()).to.include('node_modules/rx-graphql-ws/dist/testing/');
        expect(inputs.join()).to.not.match(/node_modules\/(isomorphic-)?ws\//);
      });

      it('a missing WebSocket is a ConfigurationError', async () => {
        const error = await outcome().catch((reason: unknown) => reason);
        expect(error).to.include({ name: 'ConfigurationError', option: 'webSocketImpl' });
      });

      it('a WebSocket that came after the import is used, without options', async () => {
        runInContext('globalThis.WebSocket = fake', page);
        expect(JSON.stringify(await outcome())).to.equal('{"price":1}');
        const { url, offered, options } = page.fake.peer;
        expect(JSON.stringify({ url, offered, options })).to.equal(
          '{"url":"wss://example.org/graphql","offered":["graphql-transport-ws","graphql-ws"]}',
        );
      });
    });
  }
});
