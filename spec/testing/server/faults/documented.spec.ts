import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  corruptionNames,
  dialFaultNames,
  garbageNames,
  handshakeFaultNames,
} from 'rx-graphql-ws/testing/server';

describe('docs/testing-server.md', () => {
  it('has every fault that has a name', () => {
    const text = readFileSync('docs/testing-server.md', 'utf8');
    const names = [...dialFaultNames, ...handshakeFaultNames].map((name) => `'${name}'`);
    const all = [...names, ...garbageNames, ...corruptionNames];
    expect(all.filter((name) => !text.includes(`\`${name}\``))).to.deep.equal([]);
  });
});
