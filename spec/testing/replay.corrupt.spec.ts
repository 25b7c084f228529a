import { expect } from 'chai';
import { describe, it } from 'mocha';
import { replay } from 'rx-graphql-ws/testing';
import { expectObservable, test } from '../helpers/test.js';
import { document, socketOver } from './marble-test.js';
import {
  begun,
  closed,
  header,
  opened,
  received,
  recordingOf,
  sent,
  status,
  wire,
} from './recorded.js';

const good = [status(1, 'connecting'), opened(2)];
const noHeader = 'expected the header {"recording":"rx-graphql-ws","version":1}';
const again = 'a file holds one recording of one socket';

describe('replay refuses a recording', () => {
  const { recording } = header;
  for (const [what, text, message] of [
    ['that is empty', '', `${noHeader}, got ""`],
    ['that is a path', 'a.ndjson', `${noHeader}, got "a.ndjson" (give the text of the recording`],
    ['that is something else', '{"log":0}\n', `${noHeader}, got "{\\"log\\":0}"`],
    ['of a later version', JSON.stringify({ recording, version: 2 }), 'expected version 1, got 2'],
    ['without a version', JSON.stringify({ recording }), 'expected version 1, got undefined'],
  ] as const)
    it(what, () => {
      expect(() => replay(text)).to.throw(`recording, line 1: ${message}`);
    });

  const kinds = 'expected a JSON object with one of direction, opened, closed, status';
  const frame = '{"time":3,"attempt":1,"direction"';
  for (const [line, message] of [
    ['{"time":', kinds],
    ['null', kinds],
    ['{"time":3,"attempt":1}', kinds],
    [JSON.stringify(header), 'a second header: a file holds one recording'],
    ['{"status":"idle"}', '`time` to be a number, got undefined'],
    ['{"time":"3","status":"idle"}', '`time` to be a number, got "3"'],
    ['{"time":3,"attempt":1.5,"opened":""}', '`attempt` to be an integer, got 1.5'],
    [`${frame}:"up","text":""}`, '`direction` to be "sent" or "received", got "up"'],
    [`${frame}:"sent"}`, '`text` to be text, got undefined'],
    ['{"time":3,"attempt":1,"opened":null}', '`opened` to be text, got null'],
    ['{"time":3,"attempt":1,"closed":"1000"}', '`closed` to be a number, got "1000"'],
    ['{"time":3,"attempt":1,"closed":1000}', '`reason` to be text, got undefined'],
    ['{"time":3,"status":["idle"]}', '`status` to be text, got ["idle"]'],
  ] as const)
    it(`with the line ${line}`, () => {
      const text = `${recordingOf(...good)}${line}\n`;
      expect(() => replay(text))
        .to.throw(message)
        .with.property('message')
        .that.contains('line 4:');
    });

  const end = closed(3, 1000);
  for (const [lines, message] of [
    [[received(1, 'a')], 'time goes backwards: 1 comes after 2'],
    [[received(3, 'a', 2)], 'a frame of attempt 2, which was not opened before'],
    [[end, sent(4, 'a')], 'a frame of attempt 1, which was closed before'],
    [[opened(3)], `attempt 1 opens, but was opened before: ${again}`],
    [[end, opened(4)], `attempt 1 opens, but was closed before: ${again}`],
    [[end, closed(4, 1000)], `attempt 1 closes, but was closed before: ${again}`],
  ] as const)
    it(`in which ${message}`, () => {
      const text = recordingOf(...good, ...lines);
      expect(() => replay(text)).to.throw(`recording, line ${3 + lines.length}: ${message}`);
    });

  it('without a dial', () => {
    for (const text of [recordingOf(status(1, 'idle')), JSON.stringify(header)])
      expect(() => replay(text)).to.throw('recording: nothing was dialled while it was recorded');
  });

  it('that is no text', () => {
    const message = 'expected `recording` to be the text of a recording, got {"type":"Buffer"';
    expect(() => replay(Buffer.from('x') as never)).to.throw(TypeError, message);
  });
});

describe('replay accepts a recording', () => {
  const { next } = wire('graphql-transport-ws');
  const text = recordingOf(...begun(), received(10, next('1', 7)));

  for (const [what, content] of [
    ['that was cut off in its last line', `${text}{"time":11,"attem`],
    ['without its last line break', text.trimEnd()],
    ['with blank lines', text.replaceAll('\n', '\n\n')],
    ['with a byte order mark and line breaks of Windows', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ['with unknown members', text.replaceAll('"attempt":1', '"attempt":1,"host":"a"')],
  ] as const)
    test(what, () => {
      const data = socketOver(replay(content)).subscribe$(document);
      expectObservable(data, '^ 20ms !').toBe('10ms d', { d: 7 });
    });
});
