import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refuseWithoutRoom } from './room.js';

const mb = 1024 * 1024;

it('a copy is begun only where it leaves room for Muster itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-room-'));
  const file = join(folder, 'muster.db');
  writeFileSync(file, Buffer.alloc(3 * mb));
  writeFileSync(`${file}-wal`, Buffer.alloc(2 * mb));
  await refuseWithoutRoom(folder, [file], 133 * mb);
  await expect(refuseWithoutRoom(folder, [file], 133 * mb - 1)).rejects.toThrow('133 MB are left, 133 MB are needed');
  await expect(refuseWithoutRoom(folder, [join(folder, 'none.db')], 100 * mb)).rejects.toThrow('too little room');
  rmSync(folder, { recursive: true });
});
