import { JSDOM } from 'jsdom';

/** A page for React and GraphiQL. Imported first, because React looks for one when it is loaded. */
const { window } = new JSDOM('<main></main>', { url: 'http://127.0.0.1/' });

Object.assign(globalThis, {
  window,
  document: window.document,
  IS_REACT_ACT_ENVIRONMENT: true,
});
Object.assign(window, { fetch });
