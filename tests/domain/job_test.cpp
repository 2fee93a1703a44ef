#include "domain/job.hpp"
#include <doctest/doctest.h>
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace motionspool::domain {
namespace {
using enum JobState;

const std::vector<JobState> all{queued, uploading, submitting, uncertain, running, downloading, done, failed, cancelled};

TEST_CASE("a job changes its state in these ways and in no other") {
    const std::set<std::pair<JobState, JobState>> expected{
        {queued, uploading},      {uploading, queued},    {queued, failed},         {uploading, failed},  {queued, cancelled},      {uploading, cancelled},
        {queued, submitting},     {submitting, running},  {submitting, queued},     {submitting, failed}, {submitting, uncertain},  {uncertain, running},
        {uncertain, failed},      {running, downloading}, {running, queued},        {running, failed},    {failed, running},        {downloading, done},
        {downloading, failed},    {uncertain, queued},    {queued, running},        {uploading, running}, {uncertain, downloading}, {submitting, cancelled},
        {uncertain, cancelled},   {running, cancelled},   {downloading, cancelled}, {failed, queued},     {failed, downloading},    {cancelled, running},
        {cancelled, downloading}, {failed, cancelled},
    };
    CHECK(job_transitions().size() == expected.size());
    for (const auto from : all) {
        for (const auto to : all) {
            INFO(to_string(from) << " -> " << to_string(to));
            CHECK(allowed(from, to) == expected.contains({from, to}));
        }
    }
}

TEST_CASE("failed is left by late evidence, a retry or an appended job, cancelled by an appended job that takes up what was paid for, done never") {
    for (const auto& t : job_transitions()) {
        if (!has_ended(t.from)) continue;
        CHECK(t.from != done);
        if (t.from == failed) CHECK((t.to == running || t.to == queued || t.to == downloading || t.to == cancelled));
        if (t.from == cancelled) CHECK((t.to == running || t.to == downloading));
    }
}

TEST_CASE("a job is submitted from the queue alone, and never queued again once its result is being fetched") {
    for (const auto& t : job_transitions()) {
        if (t.to == submitting) CHECK(t.from == queued);
        if (t.from == downloading) CHECK(t.to != queued);
    }
}

TEST_CASE("three states are ends") {
    for (const auto state : all) CHECK(has_ended(state) == (state == done || state == failed || state == cancelled));
}

TEST_CASE("every job can reach an end from where it is") {
    std::set<JobState> ending{done, failed, cancelled};
    for (std::size_t before = 0; before != ending.size();) {
        before = ending.size();
        for (const auto& t : job_transitions()) {
            if (ending.contains(t.to)) ending.insert(t.from);
        }
    }
    CHECK(ending.size() == all.size());
}

TEST_CASE("a state's name is read back") {
    for (const auto state : all) CHECK(job_state(to_string(state)) == state);
    CHECK(to_string(queued) == "queued");
    CHECK(to_string(cancelled) == "cancelled");
    for (const auto* wrong : {"", "Queued", "queued ", "armed"}) CHECK_FALSE(job_state(wrong));
    CHECK(to_string(Stage::single) == "single");
    CHECK(to_string(Stage::draft) == "draft");
    CHECK(to_string(Stage::final) == "final");
}

}  // namespace
}  // namespace motionspool::domain
