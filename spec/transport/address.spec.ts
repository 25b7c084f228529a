import { expect } from 'chai';
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
    ['ws://example.org', 'ws://example.org/'],
    ['wss://example.org:8443/graphql?token=t', 'wss://example.org:8443/graphql?token=t'],
    ['http://example.org/graphql', 'ws://example.org/graphql'],
    ['https://example.org/graphql', 'wss://example.org/graphql'],
    ['https://user:password@example.org:443/', 'wss://user:password@example.org/'],
    ['HTTPS://EXAMPLE.org/A', 'wss://example.org/A'],
    ['ws://[::1]:4000/', 'ws://[::1]:4000/'],
    ['wss://example.org/#fragment', 'wss://example.org/'],
    [' ws://example.org/ ', 'ws://example.org/'],
    [new URL('https://example.org/graphql#f'), 'wss://example.org/graphql'],
  ];
  for (const [given, href] of mapped)
    it(`makes ${href} of ${String(given)}`, () => {
      expect(webSocketUrl(given).href).to.equal(href);
    });

  it('leaves the URL object that it was given as it is', () => {
    const url = new URL('https://example.org/#fragment');
    webSocketUrl(url);
    expect(url.href).to.equal('https://example.org/#fragment');
  });

  const refused: [given: unknown, got: string][] = [
    ['', 'string that is no URL'],
    ['/graphql', 'string that is no URL'],
    ['//user:secret@example.org', 'string that is no URL'],
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
      ['http://localhost:4200/', '//api.example.org/', 'ws://api.example.org/'],
      ['https://example.org/', 'ws://api.example.org/', 'ws://api.example.org/'],
    ] as const)
      it(`makes ${href} of ${given} at ${location}`, () => {
        page.location = { href: location };
        try {
          expect(webSocketUrl(given).href).to.equal(href);
        } finally {
          delete page.location;
        }
      });
  });
});

describe('publicUrl', () => {
  it('has neither credentials nor query', () => {
    const url = new URL('wss://user:secret@example.org:8443/graphql?token=secret#secret');
    expect(publicUrl(url)).to.equal('wss://example.org:8443/graphql');
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
