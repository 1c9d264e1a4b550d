import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { receive } from '../../src/paths/isolated/frames.js';

test('frames are put together from what comes, and a line that is none is told', () => {
  const socket = new EventEmitter();
  const heard: unknown[] = [];
  const broken: unknown[] = [];
  receive(
    socket as Socket,
    (frame) => {
      if (frame === 'throws') throw new Error('unheard');
      heard.push(frame);
    },
    (error) => broken.push(error),
  );
  socket.emit('data', Buffer.from('{"a":"\u00e9'.slice(0, 6)));
  socket.emit('data', Buffer.from('x"}\n{"b":2}\n'));
  expect(heard).toHaveLength(2);
  socket.emit('data', Buffer.from('not a frame\n'));
  socket.emit('data', Buffer.from('"throws"\n'));
  expect(broken).toHaveLength(2);
});
