// What a runtime is expected to do with the suite, and how that differs from what it did.
//
// `directories` counts assertions and everything else ("steps") of each folder. `lacks` counts the failures in each
// script that come from a proposal the JavaScript engine does not have. `others` gives the reason for each other one.

/** What a runtime did, in the form of an expectation; reasons are missing. */
export function observed(results) {
  const directories = {};
  const lacks = {};
  const others = [];
  for (const { file, failures, ...counts } of results) {
    const slash = file.lastIndexOf("/");
    add(directories, slash < 0 ? "core" : file.slice(0, slash), counts);
    const unexplained = failures.filter(({ missingFeature }) => missingFeature === undefined);
    for (const { missingFeature } of failures) {
      if (missingFeature === undefined) continue;
      lacks[missingFeature] ??= {};
      lacks[missingFeature][file] = (lacks[missingFeature][file] ?? 0) + 1;
    }
    if (unexplained.length > 0) others.push({ file, count: unexplained.length });
  }
  return { directories, lacks, others };
}

function add(directories, name, counts) {
  directories[name] ??= {};
  const sums = directories[name];
  for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count;
}

/** The new expectation of a runtime, with the reasons of the old one. */
export function updated(expectation, actual) {
  const reasonFor = (file) => expectation?.others.find((entry) => entry.file === file)?.reason ?? "";
  return { ...actual, others: actual.others.map((entry) => ({ ...entry, reason: reasonFor(entry.file) })) };
}

/** Sentences that tell where something happened that is not expected, or did not happen though it is. */
export function differences(expectation, actual) {
  const unexplained = expectation.others.filter(({ reason }) => reason === "");
  return [
    ...unexplained.map(({ file }) => `${file}: no reason is given`),
    ...differingLeaves(leaves(expectation), leaves(actual)),
  ];
}

function leaves({ directories, lacks, others }) {
  const found = new Map(
    others.map(({ file, count }) => [`${file}: failures without a missing proposal`, count]),
  );
  for (const [feature, files] of Object.entries(lacks)) {
    for (const [file, count] of Object.entries(files))
      found.set(`${file}: failures for lack of ${feature}`, count);
  }
  for (const [name, counts] of Object.entries(directories)) {
    for (const [key, count] of Object.entries(counts)) found.set(`${name}: ${key}`, count);
  }
  return found;
}

function differingLeaves(expected, actual) {
  const places = new Set([...expected.keys(), ...actual.keys()]);
  return [...places]
    .filter((place) => expected.get(place) !== actual.get(place))
    .map((place) => `${place}: ${actual.get(place) ?? 0}, expected ${expected.get(place) ?? 0}`);
}
