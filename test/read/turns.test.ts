/** Whose turn it is: waited-for calls first, the rest one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from '../../src/read/turns.js';

test('turns › background work › goes one at a time, in order', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const leave = await turns.enterBackground();
  const second = turns.enterBackground().then((leaveSecond) => {
    order.push('second');
    leaveSecond();
  });
  order.push('first');
  leave();
  await second;
  assert.deepEqual(order, ['first', 'second']);
});

test('turns › a call is waited for › quiet comes when it is over', async () => {
  const turns = createTurns();
  let finish = (): void => {};
  let isQuiet = false;
  turns.wait(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  const quiet = turns.untilQuiet().then(() => {
    isQuiet = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isQuiet, false);
  finish();
  await quiet;
  assert.equal(isQuiet, true);
});
