// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps sorted into groups: a packing of boxes, whose room is that of every sum
// of every lane, once above and once below zero.

#include "qopt/Numerics/ByteSums.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <queue>

using namespace qopt::numerics;

/// Sums of a lane in a step.
static constexpr int64_t kSums = 2;
/// Groups that a step is tried in, those with the most room first.
static constexpr int kTries = 24;
/// Of a step that fits nowhere whole, the first part leaves this much of the
/// room to others.
static constexpr int32_t kLeftRoom = 10;

bool qopt::numerics::fitWords(const int8_t *weights, int64_t steps,
                              int64_t lanes, int32_t maxInput) {
  for (int64_t sum = 0; sum < lanes * kSums; ++sum) {
    int64_t above = 0, below = 0;
    for (int64_t step = 0; step < steps; ++step)
      for (int64_t i = 0; i < 2; ++i) {
        int64_t weight = weights[step * lanes * kByteStep + 2 * sum + i];
        (weight > 0 ? above : below) += weight;
      }
    if (above * maxInput > INT16_MAX || below * maxInput < INT16_MIN)
      return false;
  }
  return true;
}

namespace {
/// Of each sum of each lane, the weights above zero, then of each those below
/// it, without their sign.
using Loads = std::vector<uint16_t>;

struct Step {
  int32_t number;
  std::vector<int16_t> weights;
  Loads loads;
  uint16_t heaviest;
};

struct Group {
  std::vector<size_t> steps;
  Loads room;
  uint16_t least;
};

class Planner {
public:
  Planner(int64_t lanes, int64_t together, int32_t maxInput)
      : lanes(lanes), sums(lanes * kSums), together(together),
        mostAbove(std::min(INT16_MAX / maxInput, 1 << 10)),
        mostBelow(std::min(-INT16_MIN / maxInput, 1 << 10)) {}

  ByteSums plan(const int16_t *weights, int64_t count);

private:
  Loads getRoom(int32_t left) const;
  void weigh(Step &step) const;
  bool isAlone(const Step &step) const;
  Step take(Step &step, const Loads &room) const;
  void addAlone(Step step);
  void place(std::vector<size_t> waiting);
  ByteSums getResult() const;

  int64_t lanes, sums, together;
  int32_t mostAbove, mostBelow;
  std::vector<Step> steps;
  std::vector<Group> groups;
};
} // namespace

/// An empty group's, less some.
Loads Planner::getRoom(int32_t left) const {
  Loads room(2 * sums, static_cast<uint16_t>(mostAbove - left));
  std::fill(room.begin() + sums, room.end(),
            static_cast<uint16_t>(mostBelow - left));
  return room;
}

void Planner::weigh(Step &step) const {
  step.loads.assign(2 * sums, 0);
  for (int64_t i = 0; i < lanes * kByteStep; ++i) {
    int weight = step.weights[i];
    if (weight > 0)
      step.loads[i / 2] += weight;
    else
      step.loads[sums + i / 2] -= weight;
  }
  step.heaviest = *std::max_element(step.loads.begin(), step.loads.end());
}

static bool fits(const Loads &loads, const Loads &room) {
  // No early end: this way several are compared at once.
  bool isTooMuch = false;
  const uint16_t *load = loads.data(), *space = room.data();
  for (size_t i = 0, size = loads.size(); i < size; ++i)
    isTooMuch |= load[i] > space[i];
  return !isTooMuch;
}

/// Whether a group of its own has room for the step.
bool Planner::isAlone(const Step &step) const {
  auto isByte = [](int weight) { return weight >= -128 && weight <= 127; };
  return fits(step.loads, getRoom(0)) &&
         std::all_of(step.weights.begin(), step.weights.end(), isByte);
}

/// Leaves as much of the step as there is room for; returns the rest.
Step Planner::take(Step &step, const Loads &room) const {
  Step rest{step.number, step.weights, {}, 0};
  for (int64_t sum = 0; sum < sums; ++sum) {
    int above = room[sum], below = room[sums + sum];
    for (int64_t i = 2 * sum; i < 2 * sum + 2; ++i) {
      int weight = step.weights[i];
      int taken = weight > 0 ? std::min({weight, above, 127})
                             : -std::min({-weight, below, 128});
      (weight > 0 ? above : below) -= std::abs(taken);
      step.weights[i] = static_cast<int16_t>(taken);
      rest.weights[i] = static_cast<int16_t>(weight - taken);
    }
  }
  weigh(step);
  weigh(rest);
  return rest;
}

/// Adds a step, in parts that each have room in a group of their own.
void Planner::addAlone(Step step) {
  while (!isAlone(step)) {
    Step rest = take(step, getRoom(together > 1 ? kLeftRoom : 0));
    steps.push_back(std::move(step));
    step = std::move(rest);
  }
  steps.push_back(std::move(step));
}

/// Sorts the waiting steps into groups, of which there are then enough.
void Planner::place(std::vector<size_t> waiting) {
  std::sort(waiting.begin(), waiting.end(), [&](size_t a, size_t b) {
    return steps[a].heaviest != steps[b].heaviest
               ? steps[a].heaviest > steps[b].heaviest
               : a < b;
  });
  size_t places = 0;
  for (const Group &group : groups)
    places += together - group.steps.size();
  for (; places < waiting.size(); places += together)
    groups.push_back({{}, getRoom(0), static_cast<uint16_t>(mostAbove)});
  auto hasLess = [&](size_t a, size_t b) {
    return groups[a].least != groups[b].least
               ? groups[a].least < groups[b].least
               : a > b;
  };
  std::priority_queue<size_t, std::vector<size_t>, decltype(hasLess)> open(
      hasLess);
  for (size_t i = 0; i < groups.size(); ++i)
    if (static_cast<int64_t>(groups[i].steps.size()) < together)
      open.push(i);
  std::vector<size_t> left;
  for (size_t index : waiting) {
    // There is a place for every step that waited.
    size_t chosen = open.top();
    bool found = false;
    std::vector<size_t> tried;
    while (!open.empty() && tried.size() < kTries && !found) {
      size_t group = open.top();
      open.pop();
      found = fits(steps[index].loads, groups[group].room);
      if (found)
        chosen = group;
      else
        tried.push_back(group);
    }
    for (size_t group : tried)
      if (found || group != chosen)
        open.push(group);
    if (!found) {
      Step rest = take(steps[index], groups[chosen].room);
      left.push_back(steps.size());
      steps.push_back(std::move(rest));
    }
    Group &group = groups[chosen];
    group.steps.push_back(index);
    for (int64_t i = 0; i < 2 * sums; ++i)
      group.room[i] -= steps[index].loads[i];
    group.least = *std::min_element(group.room.begin(), group.room.end());
    if (static_cast<int64_t>(group.steps.size()) < together)
      open.push(chosen);
  }
  if (!left.empty())
    place(std::move(left));
}

/// The groups, those with early steps first, so that inputs are read about in
/// order.
ByteSums Planner::getResult() const {
  auto isBefore = [&](size_t a, size_t b) {
    return std::pair(steps[a].number, a) < std::pair(steps[b].number, b);
  };
  std::vector<std::vector<size_t>> ordered;
  for (const Group &group : groups) {
    // There may have been places for more than there was.
    if (group.steps.empty())
      continue;
    ordered.push_back(group.steps);
    std::sort(ordered.back().begin(), ordered.back().end(), isBefore);
  }
  std::sort(ordered.begin(), ordered.end(), [&](const auto &a, const auto &b) {
    return isBefore(a.front(), b.front());
  });
  ByteSums result;
  for (const std::vector<size_t> &group : ordered)
    for (int64_t i = 0; i < together; ++i) {
      bool exists = i < static_cast<int64_t>(group.size());
      result.steps.push_back(exists ? steps[group[i]].number : -1);
      if (exists)
        result.weights.insert(result.weights.end(),
                              steps[group[i]].weights.begin(),
                              steps[group[i]].weights.end());
      else
        result.weights.resize(result.weights.size() + lanes * kByteStep, 0);
    }
  return result;
}

ByteSums Planner::plan(const int16_t *weights, int64_t count) {
  int64_t size = lanes * kByteStep;
  for (int64_t i = 0; i < count; ++i) {
    Step step{static_cast<int32_t>(i),
              {weights + i * size, weights + (i + 1) * size},
              {},
              0};
    weigh(step);
    addAlone(std::move(step));
  }
  if (together == 1) {
    for (size_t i = 0; i < steps.size(); ++i)
      groups.push_back({{i}, {}, 0});
    return getResult();
  }
  std::vector<size_t> all(steps.size());
  for (size_t i = 0; i < all.size(); ++i)
    all[i] = i;
  place(std::move(all));
  return getResult();
}

ByteSums qopt::numerics::planByteSums(const int16_t *weights, int64_t steps,
                                      int64_t lanes, int64_t together,
                                      int32_t maxInput) {
  assert(together >= 1 && maxInput >= 1 && maxInput <= 255);
  return Planner(lanes, together, maxInput).plan(weights, steps);
}
