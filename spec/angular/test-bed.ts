// before Angular's DOM replaces the global Event, which chai needs once
import 'chai';
// Angular's compiler must be there before any component is
import '@angular/compiler';
import type { EnvironmentProviders, Provider } from '@angular/core';
import { PLATFORM_ID, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { BrowserTestingModule } from '@angular/platform-browser/testing';
import { INITIAL_CONFIG, platformServer } from '@angular/platform-server';

const document = '<html><body></body></html>';

// a DOM without a browser; the globals are made now, because mocha takes later ones for leaks
const platform = platformServer([{ provide: INITIAL_CONFIG, useValue: { document } }]);
TestBed.initTestEnvironment(BrowserTestingModule, platform);
Object.assign(globalThis, { ngServerMode: false });

/** Whether zone.js is loaded. */
const isZoned = 'Zone' in globalThis;

/** Change detection as an application of this process has it. */
export const changeDetection = () => (isZoned ? [] : [provideZonelessChangeDetection()]);

/** A TestBed that believes to be in a browser. */
export function testBed(...providers: readonly (Provider | EnvironmentProviders)[]): TestBed {
  const inBrowser = { provide: PLATFORM_ID, useValue: 'browser' };
  return TestBed.configureTestingModule({
    providers: [changeDetection(), inBrowser, ...providers],
  });
}
