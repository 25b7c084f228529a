import { faults, type Fault } from '../faults.js';
import { createLanes, titles, type Lane, type LaneName, type ServerState } from '../lanes.js';
import type { Hello } from '../page-server.js';
import { createRing, figuresOf, sumOf } from '../view.js';

/** Cells of a lane, and how many of them stay empty before the oldest. */
const [size, ahead] = [600, 12];

const find = (selector: string, within: ParentNode = document) =>
  within.querySelector(selector) as HTMLElement;
const write = (element: Element, text: string) => {
  if (element.textContent !== text) element.textContent = text;
};
const make = (name: string, text = '', ...children: readonly Node[]) => {
  const element = document.createElement(name);
  element.append(text, ...children);
  return element;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const news = (text: string) => write(find('#news'), text);

/** Adds the section of a client. */
function addSection(name: LaneName) {
  const { content } = find('template') as HTMLTemplateElement;
  const section = find('section', content).cloneNode(true) as HTMLElement;
  find('main').append(section);
  section.id = name;
  write(find('h2', section), titles[name]);
  (find('details', section) as HTMLDetailsElement).open = innerWidth > 820;
  void fetch(`${name}.ts`).then(async (file) => find('pre', section).append(await file.text()));
  return section;
}

function drawLane(name: LaneName) {
  const section = addSection(name);
  const cells = Array.from({ length: size }, () => make('i'));
  find('.cells', section).append(...cells);
  return {
    cell: createRing(size, ahead, (at, cell) => ((cells[at] as HTMLElement).className = cell)),
    state(text: string) {
      const states = find('.states', section);
      states.replaceChildren(make('li', text), ...[...states.children].slice(0, 4));
    },
    show(lane: Lane) {
      const age = (Date.now() - lane.time) / 1_000;
      write(find('output', section), lane.time > 0 ? `${age.toFixed(1)} s` : '–');
      find('.age', section).classList.toggle('old', age > 2);
      write(find('.badge', section), lane.isConnected ? 'connected' : 'not connected');
      find('.badge', section).classList.toggle('on', lane.isConnected);
      const pairs = figuresOf(lane).map(({ label, figure, isBad }) => {
        const shown = make('dd', String(figure));
        shown.classList.toggle('bad', isBad);
        return make('div', '', make('dt', label), shown);
      });
      find('dl', section).replaceChildren(...pairs);
      find('.cells', section).ariaLabel = sumOf(lane);
    },
  };
}

const press = (button?: HTMLElement) => {
  for (const each of document.querySelectorAll('nav button')) {
    each.ariaDisabled = String(button !== undefined);
    each.ariaPressed = String(button === each);
  }
};

/** One button does its work at a time. */
function addButton(button: HTMLElement, over: () => void, work: () => Promise<unknown>) {
  find('nav').append(button);
  button.addEventListener('click', () => {
    if (document.querySelector('[aria-pressed=true]')) return;
    press(button);
    void work().finally(press).then(over);
  });
}

function play({ id, url, every, tour }: Hello) {
  const drawn = { naive: drawLane('naive'), ours: drawLane('ours') };
  const lanes = createLanes({
    ...{ url, every, pace: 1 },
    strike: (fault) => void fetch(`${id}?fault=${fault}`, { method: 'POST' }),
    cell: (lane, block, cell) => drawn[lane].cell(block, cell),
    state: (lane, text) => text === 'idle' || drawn[lane].state(text),
  });
  events.onmessage = ({ data }: MessageEvent<string>) =>
    lanes.tick(JSON.parse(data) as ServerState);
  setInterval(() => lanes.both.forEach((lane) => drawn[lane.name].show(lane)), 100);

  const over = () => news(`Over. ${lanes.both.map(sumOf).join('. ')}.`);
  const strike = (fault: Fault) => {
    news(`${faults[fault].title}: ${faults[fault].text}.`);
    lanes.act(fault);
    return sleep(faults[fault].lasts + 2_500);
  };
  addButton(find('#tour'), over, async () => {
    lanes.begin();
    const begun = Date.now();
    for (const { at, fault } of tour) {
      await sleep(begun + at - Date.now());
      void strike(fault);
    }
    await sleep(begun + 60_000 - Date.now());
  });
  for (const [fault, { title }] of Object.entries(faults)) {
    const button = make('button', title);
    button.id = fault;
    addButton(button, over, () => strike(fault as Fault));
  }
}

const events = new EventSource(`session${location.search}`);
events.onmessage = ({ data }: MessageEvent<string>) => play(JSON.parse(data) as Hello);
events.onerror = () => {
  events.close();
  news('The server has ended. Start it again, and load this page anew.');
};
