import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build as esbuild } from 'esbuild';
import { before, describe, it } from 'mocha';
import type { FakeSocket } from 'rx-graphql-ws/testing';
import { build as vite, createLogger, type Rollup } from 'vite';
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
    recover(graphqlSocket({ url: 'wss://example.org/graphql' }), 'subscription { price }').subscribe(observer);
`;

const imported = `
  import { graphqlSocket } from 'rx-graphql-ws';
  import { recover } from 'rx-graphql-ws/recovery';
  import { fakeSocket } from 'rx-graphql-ws/testing';
  ${program}
`;
const required = `
  const { graphqlSocket } = require('rx-graphql-ws');
  const { recover } = require('rx-graphql-ws/recovery');
  const { fakeSocket } = require('rx-graphql-ws/testing');
  ${program}
`;

interface Bundle {
  readonly code: string;
  /** The paths of the modules in it. */
  readonly inputs: readonly string[];
}

async function withEsbuild(contents: string, directory: string): Promise<Bundle> {
  const { metafile, outputFiles } = await esbuild({
    stdin: { contents, resolveDir: directory },
    absWorkingDir: directory,
    bundle: true,
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return { code: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) };
}

/** As an application's build does it: Vite finds the files, Rollup bundles them. */
async function withVite(contents: string, directory: string): Promise<Bundle> {
  writeFileSync(join(directory, 'page.js'), contents);
  const warn = (message: string) => {
    throw new Error(message);
  };
  const built = (await vite({
    root: directory,
    configFile: false,
    customLogger: { ...createLogger('warn'), warn, warnOnce: warn },
    build: { write: false, lib: { entry: 'page.js', name: 'page', formats: ['iife'] } },
  })) as Rollup.RollupOutput[];
  const { code, moduleIds } = built[0]!.output[0];
  return { code, inputs: moduleIds };
}

const bundles = {
  'esbuild from an import': (directory: string) => withEsbuild(imported, directory),
  'esbuild from a require': (directory: string) => withEsbuild(required, directory),
  'Vite from an import': (directory: string) => withVite(imported, directory),
};

interface Page {
  subscribe(observer: object): void;
  readonly fake: FakeSocket;
}

describe('in a browser bundle', function () {
  this.timeout(180_000);
  let installed: Consumer;

  before(() => {
    installed = consumer();
  });

  for (const [name, bundle] of Object.entries(bundles)) {
    describe(`made by ${name}`, () => {
      let page: Page;
      let inputs: readonly string[];

      before(async () => {
        const made = await bundle(installed.directory);
        ({ inputs } = made);
        page = createContext({ setTimeout, clearTimeout, setInterval, clearInterval, URL }) as Page;
        runInContext(made.code, page);
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
