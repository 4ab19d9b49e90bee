/** 1 incident, 2 incidents; `many` where it is no `s`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
