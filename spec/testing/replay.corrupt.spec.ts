import { expect } from 'chai';
import { describe, it } from 'mocha';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  begun,
  closed,
  document,
  header,
  opened,
  received,
  recordingOf,
  sent,
  socketOver,
  status,
  wire,
} from './recorded.js';

const good = [status(1, 'connecting'), opened(2)];
const line = (content: string) => recordingOf(...good) + content + '\n';

describe('a corrupt recording', () => {
  for (const [what, text, message] of [
    [
      'is empty',
      '',
      'line 1: expected the header {"recording":"rx-graphql-ws","version":1}, got ""',
    ],
    [
      'is a path',
      'recordings/stall.ndjson',
      'line 1: expected the header {"recording":"rx-graphql-ws","version":1}, got "recordings/stall.ndjson" (a path? the text of the recording is wanted)',
    ],
    [
      'is something else',
      `{"log":${'0'.repeat(99)}}\n`,
      `line 1: expected the header {"recording":"rx-graphql-ws","version":1}, got "{"log":${'0'.repeat(73)}…"`,
    ],
    [
      'is of a later version',
      JSON.stringify({ ...header, version: 2 }),
      'line 1: version 2 is unknown: version 1 is read here',
    ],
    [
      'is of no version',
      JSON.stringify({ ...header, version: undefined }),
      'line 1: version nothing is unknown: version 1 is read here',
    ],
    ['has a line that is no JSON', line('{"time":'), 'line 4: not a JSON object: "{"time":"'],
    ['has a line that is no object', line('null'), 'line 4: not a JSON object: "null"'],
    ['is two', line(JSON.stringify(header)), 'line 4: a second header: a file holds one recording'],
    [
      'has a line that says nothing',
      line('{"time":3,"attempt":1}'),
      'line 4: expected one of direction, opened, closed, status, got none of them: "{"time":3,"attempt":1}"',
    ],
    [
      'has no time',
      line('{"status":"idle"}'),
      'line 4: expected `time` to be a number of ms, got nothing: "{"status":"idle"}"',
    ],
    [
      'has a time that is none',
      line('{"time":"3","status":"idle"}'),
      'line 4: expected `time` to be a number of ms, got "3": "{"time":"3","status":"idle"}"',
    ],
    [
      'has an attempt that is none',
      line('{"time":3,"attempt":1.5,"opened":""}'),
      'line 4: expected `attempt` to be an integer, got 1.5: "{"time":3,"attempt":1.5,"opened":""}"',
    ],
    [
      'has a direction that is none',
      line('{"time":3,"attempt":1,"direction":"up","text":""}'),
      'line 4: expected `direction` to be "sent" or "received", got "up": "{"time":3,"attempt":1,"direction":"up","text":""}"',
    ],
    [
      'has no text',
      line('{"time":3,"attempt":1,"direction":"sent"}'),
      'line 4: expected `text` to be text, got nothing: "{"time":3,"attempt":1,"direction":"sent"}"',
    ],
    [
      'has a subprotocol that is none',
      line('{"time":3,"attempt":1,"opened":null}'),
      'line 4: expected `opened` to be a subprotocol, got null: "{"time":3,"attempt":1,"opened":null}"',
    ],
    [
      'has a close code that is none',
      line('{"time":3,"attempt":1,"closed":"1000","reason":""}'),
      'line 4: expected `closed` to be a close code, got "1000": "{"time":3,"attempt":1,"closed":"1000","reason":""}"',
    ],
    [
      'has no reason',
      line('{"time":3,"attempt":1,"closed":1000}'),
      'line 4: expected `reason` to be text, got nothing: "{"time":3,"attempt":1,"closed":1000}"',
    ],
    [
      'has a status that is none',
      line('{"time":3,"status":["idle"]}'),
      'line 4: expected `status` to be text, got ["idle"]: "{"time":3,"status":["idle"]}"',
    ],
    [
      'goes back in time',
      recordingOf(...good, received(1, 'a')),
      'line 4: time goes backwards: 1 comes after 2',
    ],
    [
      'has a frame on a socket that did not open',
      recordingOf(...good, received(3, 'a', 2)),
      'line 4: a frame of attempt 2, which was not opened before',
    ],
    [
      'has a frame on a socket that was closed',
      recordingOf(...good, closed(3, 1000), sent(4, 'a')),
      'line 5: a frame of attempt 1, which was closed before',
    ],
    [
      'has a socket that opens twice',
      recordingOf(...good, opened(3)),
      'line 4: attempt 1 opens, but was opened before: a file holds one recording of one socket',
    ],
    [
      'has a socket that opens after its end',
      recordingOf(...good, closed(3, 1000), opened(4)),
      'line 5: attempt 1 opens, but was closed before: a file holds one recording of one socket',
    ],
    [
      'has a socket that closes twice',
      recordingOf(...good, closed(3, 1000), closed(4, 1000)),
      'line 5: attempt 1 closes, but was closed before: a file holds one recording of one socket',
    ],
  ] as const)
    it(`is refused if it ${what}`, () => {
      expect(() => replay(text)).to.throw(Error, new RegExp(`^recording, ${escape(message)}$`));
    });

  it('is refused if nothing was dialled', () => {
    for (const text of [recordingOf(status(1, 'idle')), JSON.stringify(header)])
      expect(() => replay(text)).to.throw('recording: nothing was dialled while it was recorded');
  });

  it('is refused if it is no text', () => {
    expect(() => replay(Buffer.from(recordingOf(...good)) as unknown as string)).to.throw(
      TypeError,
      'expected the text of a recording, got object',
    );
  });
});

describe('a recording', () => {
  const { next } = wire('graphql-transport-ws');
  const text = recordingOf(...begun(), received(10, next('1', 7)));

  for (const [what, content] of [
    ['was cut off in its last line', `${text}{"time":11,"attem`],
    ['lacks its last line break', text.trimEnd()],
    ['has blank lines', text.replaceAll('\n', '\n\n')],
    ['went through Windows', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ['has fields that are unknown', text.replaceAll('"attempt":1', '"attempt":1,"host":"a"')],
  ] as const)
    it(
      `may be one that ${what}`,
      run((helpers) => {
        const data = socketOver(replay(content)).subscribe$(document);
        helpers.expectObservable(data, '^ 20ms !').toBe('10ms d', { d: 7 });
      }),
    );
});

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
