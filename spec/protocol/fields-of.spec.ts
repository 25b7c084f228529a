import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { fieldsOf } from '../../lib/protocol/fields-of.js';

describe('fieldsOf', () => {
  for (const [json, ...fields] of [
    ['{}'],
    [' { } '],
    ['{"a":1}', ['a', '1']],
    ['{"":""}', ['', '""']],
    [' { "a" : [ 1 , 2 ] , "b" : null } ', ['a', '[ 1 , 2 ]'], ['b', 'null']],
    ['{"a":1,"a":2,"\\u0061":3}', ['a', '1'], ['a', '2'], ['a', '3']],
    ['{"a\\"":"}","b\\\\":",","c":"\\\\\\""}', ['a"', '"}"'], ['b\\', '","'], ['c', '"\\\\\\""']],
    ['{"__proto__":{"a":1}}', ['__proto__', '{"a":1}']],
    ['{"a:b":{"c":[{}]},"d":{}}', ['a:b', '{"c":[{}]}'], ['d', '{}']],
  ] as const)
    it(`reads ${json}`, () => {
      expect(fieldsOf(json)).to.deep.equal(fields.map(([name, text]) => ({ name, text })));
    });

  it('reads what JSON.stringify wrote', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom('', ' ', '\n\t'), (given, indent) => {
        const read = fieldsOf(JSON.stringify(given, undefined, indent));
        expect(
          read.map(({ name, text }) => [name, JSON.stringify(JSON.parse(text))]),
        ).to.deep.equal(
          Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]),
        );
      }),
    );
  });
});
