#include "corpus.hpp"

using namespace corpus;

TEST_CASE("what is wrong with the matrix is said in the matrix") {
    const Cases cases{
        {v1("matrix:\n"), {"2:1: error: `matrix` has no value; expected keys such as image: and motion:"}},
        {v1("matrix: []\n"), {"2:9: error: `matrix` is a list; expected keys such as image: and motion:"}},
        {v1("matrix: {}\n"),
         {"2:9: error: `matrix.image` is missing; expected a list of paths or https URLs",
          "2:9: error: `matrix.motion` is missing; expected a list of paths or https URLs"}},
        {v1("matrix: {image: [fox.png]}\n"), {"2:9: error: `matrix.motion` is missing; expected a list of paths or https URLs"}},
        {v1("matrix: {image: fox.png, motion: [wave.mp4]}\n"), {"2:17: error: `matrix.image` is \"fox.png\"; expected a list; write one entry as [x]"}},
        {v1("matrix: {image: [], motion: [wave.mp4]}\n"), {"2:17: error: `matrix.image` is an empty list; expected at least one path or https URL"}},
        {v1("matrix: {image: [fox.png, [a], \"\"], motion: [wave.mp4]}\n"),
         {"2:27: error: an entry of `matrix.image` is a list; expected a path or an https URL",
          "2:32: error: an entry of `matrix.image` is empty; expected a path or an https URL"}},
        {v1("matrix:\n  image: [*.png]\n  motion: [wave.mp4]\n"), {"3:11: error: a value that begins with \"*\" must be in quotes: \"*.png\""}},
        {matrix("  prompt: At dawn\n"), {"5:11: error: `matrix.prompt` is \"At dawn\"; expected a list of prompts, or keys with a prompt each"}},
        {matrix("  prompt: []\n"), {"5:11: error: `matrix.prompt` is empty; expected at least one prompt, or leave it out"}},
        {matrix("  prompt: {}\n"), {"5:11: error: `matrix.prompt` is empty; expected at least one prompt, or leave it out"}},
        {matrix("  prompt: {at dawn: x}\n"),
         {"5:12: error: the prompt's key \"at dawn\" contains a space; only letters, digits, \".\", \"_\" and \"-\" are allowed"}},
        {matrix("  prompt: [[a]]\n"), {"5:12: error: an entry of `matrix.prompt` is a list; expected text"}},
        {matrix("  takes: 0\n"), {"5:10: error: `matrix.takes` is \"0\"; expected a whole number from 1 to 10000"}},
        {matrix("  mode: 720p\n"), {"5:3: error: `mode` cannot be written in `matrix`; write it under `defaults`"}},
        {matrix("  images: [a]\n"), {"5:3: error: unknown key \"images\"; did you mean \"image\"?"}},
        {matrix("  id: \"\"\n"), {"5:7: error: `matrix.id` is empty; expected a pattern such as \"{image}-{motion}\""}},
        {matrix("  id: [a]\n"), {"5:7: error: `matrix.id` is a list; expected text"}},
        {matrix("  id: \"{image}\"\n  x: y\n"), {"6:3: error: unknown key \"x\"; expected image, motion, prompt, takes or id"}},
        {matrix("  id: \"{imgae}\"\n  x: y\n"),
         {"5:7: error: unknown placeholder {imgae} in the id; expected {image}, {motion} or {prompt}",
          "6:3: error: unknown key \"x\"; expected image, motion, prompt, takes or id"}},
        {matrix("  id: \"{prompt}\"\n  x: y\n"),
         {"5:7: error: {prompt} in the id has nothing to stand for; add `prompt` to the matrix or leave it out",
          "6:3: error: unknown key \"x\"; expected image, motion, prompt, takes or id"}},
        {matrix("  id: \"{image\"\n  x: y\n"),
         {"5:7: error: a single \"{\" in the id; expected {image}, {motion} or {prompt}",
          "6:3: error: unknown key \"x\"; expected image, motion, prompt, takes or id"}},
        {matrix("  id: {image}-{motion}\n"), {"5:14: error: text behind the closing bracket; put the whole value in quotes"}},
        {v1("matrix: {image: [fox.png], motion: [\"https://cdn.example/wave.mp4\"]}\n"),
         {"2:37: error: the length of a motion given as a URL is not known; add `seconds: 6.5` (its length) under `defaults`"}},
        {v1("defaults: {seconds: 12, orientation: image}\nmatrix: {image: [fox.png], motion: [\"https://cdn.example/wave.mp4\"]}\n"),
         {"3:37: error: the motion is 12 s long; at most 10 s is accepted with orientation: image"}},
        {v1("matrix: {image: [\"http://cdn.example/a.png\"], motion: [wave.mp4]}\n"),
         {"2:18: error: an entry of `matrix.image` is an http URL; expected https (http only on a loopback address)"}},
    };
    check_manifests(cases);
}
