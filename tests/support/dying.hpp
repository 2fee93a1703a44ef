#pragma once
#include <doctest/doctest.h>
#include "support/world.hpp"

namespace motionspool::test {

/// A story told once without a fault, then again and again with the process dying before and after each commit that it made.
/// @param play  plays it in a new world; a W is a World
/// @param check what must hold each time; the first time, the world is in its first life
template <class W = World, class Play, class Check>
void die_at_every_commit(const Play& play, const Check& check) {
    std::size_t commits = 0;
    {
        W world;
        play(world);
        check(world);
        commits = world.commits;
    }
    for (std::size_t step = 0; step < commits; step++) {
        for (const bool after : {false, true}) {
            CAPTURE(step);
            CAPTURE(after);
            W world;
            world.dies_at_commit = [&](std::size_t number, bool late) { return world.lives == 1 && number == step && late == after; };
            play(world);
            check(world);
        }
    }
}

}  // namespace motionspool::test
