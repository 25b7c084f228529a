import type { Payload } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { Broken } from './broken.js';
import { good, goodDialect, paying, reading } from './broken.js';

/** Each reads what AppSync writes, but for the results. */
export function brokenResults(): readonly Broken[] {
  let last: Payload | undefined;
  return [
    {
      fault: 'gives no payload to a result',
      codec: paying(() => undefined),
      fails: [/reads a result/, /^decode/, /^a result may/, /^a result has/, /late/],
      says: '.payload\n  expected  an object with `text` and `decode()`',
    },
    {
      fault: 'gives the data for the result',
      codec: paying(({ text, decode }) => ({ text, decode: () => decode().data })),
      fails: [/reads a result/, /^decode/, /^a result may be/, /^a result has/, /late/],
      says: '.payload.decode()\n  expected  a result (data, errors, incremental or hasNext), or a ProtocolError',
    },
    {
      fault: 'makes a result of anything',
      codec: paying(({ text }) => ({
        text,
        decode: () => ({ data: JSON.parse(text) as unknown }),
      })),
      fails: [/^a result may be/, /^a result may not be/, /data of its own/, /late/],
      says: '"result":{"data":{"data":',
    },
    {
      fault: 'refuses every result',
      codec: reading((message, frame) => {
        if (message.type === 'next') throw new ProtocolError('no results', frame);
        return message;
      }),
      fails: [/reads a result/, /^a result/],
      says: 'actual    ProtocolError: no results',
    },
    {
      fault: 'has the frame as the text of a result',
      codec: paying((payload, frame) => ({ ...payload, text: frame })),
      fails: [/its JSON as its text/],
      says: `.payload.text\n  expected  {"data":{"a":[1,"é",null]}}\n  actual    '{"type":"data"`,
    },
    {
      fault: 'has another text for every id',
      codec: paying(({ text, decode }, frame) => ({
        decode,
        text: text + ' '.repeat(frame.indexOf('"2"') + 1),
      })),
      fails: [/its JSON as its text/],
      says: '.payload.text',
    },
    {
      fault: 'has no text',
      codec: paying(({ decode }) => ({ text: undefined, decode })),
      fails: [/reads a result/, /^decode/, /^a result/],
      says: '.payload.text\n  expected  a string\n  actual    undefined',
    },
    {
      fault: 'has a text that throws',
      codec: paying(({ decode }, frame) => ({
        get text() {
          throw new ProtocolError('no text', frame);
        },
        decode,
      })),
      fails: [/reads a result/, /^decode/, /^a result/],
      says: '.payload.text\n  expected  a string\n  actual    ProtocolError: no text',
    },
    {
      fault: 'has one payload for all results',
      codec: paying((payload) => {
        last = payload;
        return {
          get text() {
            return last?.text;
          },
          decode: () => last?.decode(),
        };
      }),
      fails: [/late/],
      says: 'after other frames\n  expected  {"data":"1"}\n  actual    {"data":"3"}',
    },
    {
      fault: 'decodes once',
      codec: paying(({ text, decode }) => {
        let done = false;
        return {
          text,
          decode() {
            if (done) throw new TypeError('no more');
            done = true;
            return decode();
          },
        };
      }),
      fails: [/late/],
      says: 'actual    TypeError: no more',
    },
    {
      fault: 'has no use for a reviver',
      codec: good,
      dialect: { ...goodDialect(), create: () => good },
      fails: [/reviver/],
      says: '"result":{"data":{"at":"1"}}',
    },
  ];
}
