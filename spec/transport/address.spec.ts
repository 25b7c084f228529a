import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import {
  checkSubprotocols,
  defaultSubprotocols,
  publicUrl,
  webSocketUrl,
} from '../../lib/transport/address.js';

describe('webSocketUrl', () => {
  const mapped: [given: string | URL, href: string][] = [
    ['ws://example.org', 'ws://example.org'],
    ['wss://example.org:8443/graphql?token=t', 'wss://example.org:8443/graphql?token=t'],
    ['http://example.org/graphql', 'ws://example.org/graphql'],
    ['https://example.org/graphql', 'wss://example.org/graphql'],
    ['https://user:password@example.org:443/', 'wss://user:password@example.org:443/'],
    ['HTTPS://EXAMPLE.org/A', 'wss://EXAMPLE.org/A'],
    ['Ws://example.org/#Fragment', 'ws://example.org/'],
    ['ws://[::1]:4000/', 'ws://[::1]:4000/'],
    ['wss://example.org/?a=1#fragment#other', 'wss://example.org/?a=1'],
    ['wss://example.org/?a=\u2028#b\u2028', 'wss://example.org/?a=\u2028'],
    ['ws:\\\\example.org\\a', 'ws:\\\\example.org\\a'],
    ['ws://exam\tple.org\r\n/a', 'ws://example.org/a'],
    [' ws://example.org/ ', 'ws://example.org/'],
    [new URL('https://example.org/graphql#f'), 'wss://example.org/graphql'],
  ];
  for (const [given, href] of mapped)
    it(`makes ${href} of ${String(given)}`, () => {
      expect(webSocketUrl(given)).to.equal(href);
    });

  it('leaves the URL object that it was given as it is', () => {
    const url = new URL('https://example.org/#fragment');
    webSocketUrl(url);
    expect(url.href).to.equal('https://example.org/#fragment');
  });

  const noPage = 'string that is relative to a page, and there is no page: give the whole URL';
  const refused: [given: unknown, got: string][] = [
    ['', noPage],
    ['/graphql', noPage],
    ['//user:secret@example.org', noPage],
    ['user:secret@example.org', '`user://`'],
    ['ws://user:secret@', 'string that is no URL'],
    ['wss://', 'string that is no URL'],
    ['wss://exa mple.org/?token=secret', 'string that is no URL'],
    ['wss://example.org:99999/?token=secret', 'string that is no URL'],
    ['ftp://user:secret@example.org/secret?secret#secret', '`ftp://example.org`'],
    [new URL('file:///secret'), '`file://`'],
    ['mailto:secret@example.org', '`mailto://`'],
    [undefined, 'undefined'],
    [null, 'null'],
    [4000, 'number'],
    [{ href: 'wss://example.org' }, 'object'],
    [Promise.resolve('wss://example.org'), 'promise'],
    [['wss://example.org'], 'array'],
  ];
  for (const [given, got] of refused)
    it(`refuses ${String(given)}, and names ${got}`, () => {
      expect(() => webSocketUrl(given))
        .to.throw(ConfigurationError)
        .that.includes({
          option: 'url',
          message: `expected \`url\` to be a ws: or wss: URL, got ${got}`,
        });
    });

  describe('in a page', () => {
    const page = globalThis as { location?: { href: string } };

    for (const [location, given, href] of [
      ['https://example.org/app/', '/graphql', 'wss://example.org/graphql'],
      ['https://example.org/app/', 'graphql?a=1', 'wss://example.org/app/graphql?a=1'],
      ['https://example.org/app/', '?a=1#b', 'wss://example.org/app/?a=1'],
      ['http://localhost:4200/', '//api.example.org/', 'ws://api.example.org/'],
      ['https://example.org/', 'ws://api.example.org/', 'ws://api.example.org/'],
    ] as const)
      it(`makes ${href} of ${given} at ${location}`, () => {
        page.location = { href: location };
        try {
          expect(webSocketUrl(given)).to.equal(href);
        } finally {
          delete page.location;
        }
      });

    for (const [location, given, got] of [
      ['file:///index.html', '/graphql', '`file://`'],
      ['about:blank', '/graphql?secret', 'string that is no URL'],
    ] as const)
      it(`refuses ${given} at ${location}`, () => {
        page.location = { href: location };
        try {
          expect(() => webSocketUrl(given)).to.throw(ConfigurationError, `got ${got}`);
        } finally {
          delete page.location;
        }
      });
  });
});

describe('publicUrl', () => {
  it('has neither credentials nor query', () => {
    for (const [url, shown] of [
      ['wss://user:secret@example.org:8443/graphql?token=secret', 'wss://example.org:8443/graphql'],
      ['ws://user:se@secret@example.org', 'ws://example.org'],
      ['ws:///user:secret@example.org/?secret', 'ws://example.org/'],
      ['ws:\\\\user:secret@example.org\\a?secret', 'ws://example.org\\a'],
      ['ws://example.org?token=secret', 'ws://example.org'],
      ['ws:user:secret@example.org/', 'ws://example.org/'],
      ['ws://example.org/a@b', 'ws://example.org/a@b'],
    ] as const)
      expect(publicUrl(webSocketUrl(url))).to.equal(shown);
  });

  it('has neither, whatever a URL looks like', () => {
    const part = fc.stringMatching(/^[\w.:@/\\?\t -]{0,6}$/);
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const url = `ws:/${a}/${b}user:Secret7@${c}example.org/`;
        let shown = '';
        try {
          const { username, password, search } = new URL(url);
          if (!`${username}${password}${search}`.includes('Secret7')) return;
          shown = publicUrl(webSocketUrl(url));
        } catch (error) {
          shown = String(error);
        }
        expect(shown).not.to.include('Secret7');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('checkSubprotocols', () => {
  const check = (names: unknown) => () => checkSubprotocols('subprotocols', names);
  const good = [[], ['graphql-ws'], ['graphql-ws', 'header-eyJhIjoxfQ'], ["!#$%&'*+-.^_`|~09azAZ"]];
  for (const names of [...good, defaultSubprotocols])
    it(`takes ${JSON.stringify(names)}`, () => {
      expect(check(names)).not.to.throw();
    });

  const malformed = ['', 'with space', 'header-secret==', 'a,b', 'a\r\nx: secret', 'é', 'ws\n', 1];
  const refused: readonly (readonly [names: unknown, kind: string])[] = [
    ['secret', 'string'],
    [undefined, 'undefined'],
    [null, 'null'],
    [new Set(['secret']), 'object'],
    [['secret', 'secret'], 'array'],
    ...[...malformed, undefined].map((name) => [[name], 'array'] as const),
  ];
  for (const [names, kind] of refused)
    it(`refuses ${JSON.stringify(names)}, and shows none of it`, () => {
      const message = `expected \`subprotocols\` to be a list of distinct subprotocol names, got ${kind}`;
      expect(check(names))
        .to.throw(ConfigurationError)
        .that.includes({ option: 'subprotocols', message });
    });
});
