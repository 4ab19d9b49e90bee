import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Alone for minutes, whatever else there is: begun last, it would keep one core waiting for it. */
const longest = /\/test\/crash\/crash\.test\.ts$/;

/** In a clean clone nothing is known of how long a file takes; the one that matters is named. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = ({ moduleId }: TestSpecification): boolean => longest.test(moduleId);
    return [...sorted.filter(first), ...sorted.filter((file) => !first(file))];
  }
}
