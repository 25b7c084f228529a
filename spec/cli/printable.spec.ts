import { expect } from 'chai';
import { describe, it } from 'mocha';
import { printable } from '../../lib/cli/printable.js';

describe('printable', () => {
  it('leaves text alone', () => {
    for (const text of ['', 'a b', '{"a":"ü € 漢 🙂"}']) expect(printable(text)).to.equal(text);
  });

  it('escapes control, format, separator and lone surrogate characters', () => {
    expect(printable('\u001b[31m\n\u009b\u202e\u2028\ufeff\ud800')).to.equal(
      '\\u001b[31m\\u000a\\u009b\\u202e\\u2028\\ufeff\\ud800',
    );
    expect(printable('\u{e0041}')).to.equal('\\udb40\\udc41');
  });

  it('keeps JSON the same JSON', () => {
    const value = { text: 'a\u009b\u2029\u{e0041}\u0007' };
    expect(JSON.parse(printable(JSON.stringify(value)))).to.deep.equal(value);
  });
});
