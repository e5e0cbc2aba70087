/** Whether the tests soak: `npm run test:soak` runs the files that ask this, with all that `npm test` takes a part of. */
export const SOAK = process.env.MODE === 'soak';
