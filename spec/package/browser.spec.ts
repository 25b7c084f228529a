import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { before, describe, it } from 'mocha';
import type { Consumer } from './consumer.js';
import { consumer } from './consumer.js';

const program = `
  globalThis.subscribe = (observer) =>
    graphqlSocket({ url: 'wss://example.org/graphql' }).subscribe$('subscription { price }').subscribe(observer);
`;

const sources = {
  'an import': `import { graphqlSocket } from 'rx-graphql-ws'; ${program}`,
  'a require': `const { graphqlSocket } = require('rx-graphql-ws'); ${program}`,
};

/** A browser's socket with a server behind it that answers each frame as the protocol wants. */
const webSocket = `
  globalThis.WebSocket = class {
    static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3;
    readyState = 0; protocol = 'graphql-transport-ws'; binaryType = 'blob'; bufferedAmount = 0;
    constructor(...args) {
      globalThis.dialled = args;
      setTimeout(() => { this.readyState = 1; this.onopen({ type: 'open' }); });
    }
    send(frame) {
      const { type, id } = JSON.parse(frame);
      if (type === 'connection_init') this.answer({ type: 'connection_ack' });
      if (type === 'subscribe') this.answer({ type: 'next', id, payload: { data: { price: 1 } } }, { type: 'complete', id });
    }
    answer(...messages) {
      setTimeout(() => messages.forEach((message) => this.onmessage({ type: 'message', data: JSON.stringify(message) })));
    }
    close(code = 1005, reason = '') {
      this.readyState = 3;
      setTimeout(() => this.onclose?.({ type: 'close', code, reason, wasClean: true }));
    }
    addEventListener() {} removeEventListener() {}
  };
`;

interface Page {
  subscribe(observer: object): void;
  readonly dialled: readonly unknown[];
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
        expect(inputs.join()).to.not.match(/node_modules\/(isomorphic-)?ws\//);
      });

      it('a missing WebSocket is a ConfigurationError', async () => {
        const error = await outcome().catch((reason: unknown) => reason);
        expect(error).to.include({ name: 'ConfigurationError', option: 'webSocketImpl' });
      });

      it('a WebSocket that came after the import is used, without options', async () => {
        runInContext(webSocket, page);
        expect(JSON.stringify(await outcome())).to.equal('{"price":1}');
        expect(JSON.stringify(page.dialled)).to.equal(
          '["wss://example.org/graphql",["graphql-transport-ws","graphql-ws"]]',
        );
      });
    });
  }
});
