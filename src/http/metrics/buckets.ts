/** For what should take milliseconds. */
export const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** For what may take minutes, or hours when something is down. */
export const long = [0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 14_400];
