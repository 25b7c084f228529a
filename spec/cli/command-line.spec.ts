import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseCommandLine } from '../../lib/cli/command-line.js';

const url = 'ws://127.0.0.1:9/graphql?token=s3cret';

describe('parseCommandLine', () => {
  it('asks for the demo of 20 s when nothing is given', () => {
    expect(parseCommandLine([])).to.deep.equal({ kind: 'demo', seconds: 20 });
    expect(parseCommandLine(['--seconds', '1.5'])).to.deep.equal({ kind: 'demo', seconds: 1.5 });
  });

  it('asks for an endpoint when a URL is given', () => {
    const endpoint = { kind: 'endpoint', url, query: '{ a }', variables: {}, seconds: undefined };
    expect(parseCommandLine(['--url', url, '--query', '{ a }'])).to.deep.equal(endpoint);
    expect(
      parseCommandLine(['--variables={"a":[1]}', `--url=${url}`, '--query={ a }', '--seconds=3']),
    ).to.deep.equal({ ...endpoint, variables: { a: [1] }, seconds: 3 });
  });

  it('asks for help, whatever else is given', () => {
    expect(parseCommandLine(['-h', '--seconds', 'x'])).to.deep.equal({ kind: 'help' });
  });

  const mistakes: Record<string, [readonly string[], RegExp]> = {
    'an unknown option': [['--sekonds', '4'], /'--sekonds'/],
    'an option without its value': [['--url'], /'--url/],
    'seconds that are no number': [['--seconds', 'ten'], /--seconds must be .*, got "ten"/],
    'no seconds': [['--seconds='], /--seconds must be .*, got ""/],
    'seconds ≤ 0': [['--seconds', '0'], /--seconds must be .*, got "0"/],
    'seconds beyond a timer': [['--seconds', '1e9'], /--seconds must be .*, got "1e9"/],
    'a URL that is none': [['--url', 's3cret', '--query', 'x'], /--url must be/],
    'a URL of another kind': [['--url', 'file:///s3cret', '--query', 'x'], /--url must be/],
    'a URL without a query': [['--url', url], /--url needs a --query/],
    'a query without a URL': [['--query', 'x'], /--query .*--url/],
    'variables without a URL': [['--variables', '{}'], /--variables .*--url/],
    'variables that are no JSON': [
      ['--url', url, '--query', 'x', '--variables', '{'],
      /--variables must be a JSON object, got "\{"/,
    ],
    'variables that are no object': [
      ['--url', url, '--query', 'x', '--variables', '[1]'],
      /--variables must be a JSON object, got "\[1\]"/,
    ],
    'a stray argument': [[url], /unexpected argument/],
  };
  for (const [name, [args, message]] of Object.entries(mistakes))
    it(`refuses ${name}, without repeating a URL`, () => {
      const command = parseCommandLine(args);
      expect(command.kind).to.equal('mistake');
      expect(command).to.have.property('message').that.matches(message).and.not.contains('s3cret');
    });
});
