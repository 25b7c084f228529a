import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';

const isObservable = (type) => ['pipe', 'subscribe'].every((name) => type.getProperty(name));
/** A Subject may be named for its other side. */
const isNothingElse = (type) => isObservable(type) && !type.getProperty('next');

/** Like rxjs-x/finnish, which would also have a `$` behind every factory; our style names those for what they do. */
const finnish = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'object', properties: { except: { type: 'array' } } }],
    messages: {
      missing: '{{name}} holds an Observable: end its name in $.',
      excess: '{{name}} ends in $, but neither is an Observable nor returns one.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const except = context.options[0]?.except ?? [];
    const check = (id) => {
      if (id.type !== 'Identifier' || except.includes(id.name)) return;
      const type = services.program
        .getTypeChecker()
        .getNonNullableType(services.getTypeAtLocation(id));
      const held = type.isUnion() ? type.types : [type];
      const returned = type.getCallSignatures().map((signature) => signature.getReturnType());
      const report = (messageId) =>
        context.report({ node: id, messageId, data: { name: id.name } });
      if (!id.name.endsWith('$') && held.every(isNothingElse)) report('missing');
      if (id.name.endsWith('$') && ![...held, ...returned].some(isObservable)) report('excess');
    };
    return {
      VariableDeclarator: ({ id }) => check(id),
      'TSPropertySignature, TSMethodSignature, PropertyDefinition': ({ key }) => check(key),
    };
  },
};

const noDefaultExport = {
  selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
  message: 'Named exports only: a default export has another name in every importer.',
};

export default defineConfig(
  // spec/types is wrong on purpose: the compiler is its judge. Jest's globals and mocha's exclude each other. The packages that
  // spec/peers, docs/examples/angular and spec/angular-app/sized import are installed for `npm run test:peers` and `npm run test:angular` alone.
  globalIgnores([
    'dist',
    'coverage',
    '.cache',
    'docs/api',
    'spec/types',
    'spec/peers',
    'docs/examples/angular',
    'spec/angular-app/sized',
    '**/*.jest.ts',
  ]),
  {
    files: ['**/*.ts'],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      rxjsX.configs.strict,
    ],
    plugins: { house: { rules: { finnish } } },
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'house/finnish': ['error', { except: ['wake'] }],
      'no-restricted-syntax': ['error', noDefaultExport],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An index signature can be readonly and names its key; a constructor's interface has a name in messages.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/prefer-function-type': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Wants `!`, which no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // The errors of a stage are a closed set; its catchError may say so.
      'rxjs-x/no-implicit-any-catch': 'off',
      // An error that was caught is passed on as it came.
      'rxjs-x/throw-error': ['error', { allowThrowingUnknown: true }],
      // share and shareConnection tear their source down with it; catchError must see the errors before the end.
      'rxjs-x/no-unsafe-takeuntil': [
        'error',
        { allow: ['share', 'shareConnection', 'catchError'] },
      ],
      // No public object has a method that reads `this`, and the classes within are not taken for one another. Their methods are called, never passed.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // There are no enums, and to look for them takes a tenth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // The EmptyError of firstValueFrom says it best.
      'rxjs-x/no-ignored-default-value': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    plugins: { tsdoc },
    rules: {
      'tsdoc/syntax': 'error',
      complexity: ['error', 8],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['spec/**/*.ts', 'docs/examples/**/*.ts'],
    rules: {
      // chai asserts by property access, fakes do nothing, and a test may know that a value is there.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A test names its streams for their part in the marble diagram, and subscribes to see what happens.
      'house/finnish': 'off',
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-ignored-replay-buffer': 'off',
    },
  },
);
