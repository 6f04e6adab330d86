/** SQL's ntile: the first `count % groups` groups have one row more than the others. */
export const samplePlaces = (count: number, groups: number): readonly number[] => {
  if (count <= groups) return Array.from({ length: count }, (_row, place) => place);
  const size = Math.floor(count / groups);
  const larger = count % groups;
  const places = Array.from({ length: groups }, (_group, index) => index * size + Math.min(index, larger));
  return places.at(-1) === count - 1 ? places : [...places.slice(0, -1), count - 1];
};
