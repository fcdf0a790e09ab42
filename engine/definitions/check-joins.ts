export const checkJoins = () => undefined;
