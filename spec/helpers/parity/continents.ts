/** A query, and the data that answer it. */
export const continentsQuery = 'query getContinents { continents { code name } }';

export interface Continents {
  readonly continents: readonly { readonly code: string; readonly name: string }[];
}

export const continents: Continents = {
  continents: [
    { code: 'AF', name: 'Africa' },
    { code: 'AN', name: 'Antarctica' },
    { code: 'AS', name: 'Asia' },
    { code: 'EU', name: 'Europe' },
    { code: 'NA', name: 'North America' },
    { code: 'OC', name: 'Oceania' },
    { code: 'SA', name: 'South America' },
  ],
};
