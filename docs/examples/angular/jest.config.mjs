import presets from 'jest-preset-angular/presets/index.js';

export default {
  ...presets.createEsmPreset({ tsconfig: '<rootDir>/tsconfig.jest.json' }),
  testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env',
  testMatch: ['**/*.jest.ts'],
  setupFilesAfterEnv: ['<rootDir>/jest.setup.ts'],
};
