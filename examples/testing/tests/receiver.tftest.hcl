# Needs no tenant: falconsim -reading Q12=b terraform test
# The URL is not a loopback address, so the simulator lists the deliveries and does not send them.

variables {
  webhook_url = "https://receiver.example/falcon"
  hmac_secret = "a key for tests, of 32 characters or more"
}

run "another_address_is_refused" {
  command = plan

  variables {
    webhook_url = "https://elsewhere.example/falcon"
  }

  expect_failures = [var.webhook_url]
}

run "it_is_set_up" {
  assert {
    condition     = falcon_workflow.low_score.enabled
    error_message = "The workflow is disabled: it would do nothing."
  }
}

run "a_score_rises" {
  module {
    source = "./tests/score"
  }
  variables {
    overall = 90
  }
}

run "nothing_is_delivered" {
  module {
    source = "./tests/deliveries"
  }

  assert {
    condition     = length(output.deliveries) == 0
    error_message = "A high score was delivered."
  }
}

run "a_score_falls" {
  module {
    source = "./tests/score"
  }
  variables {
    overall = 20
  }
}

run "it_is_delivered_once_and_signed" {
  module {
    source = "./tests/deliveries"
  }

  assert {
    condition     = length(output.deliveries) == 1
    error_message = "There should be one delivery, not ${length(output.deliveries)}."
  }
  assert {
    condition     = output.deliveries[0].url == "https://receiver.example/falcon" && output.deliveries[0].genuine
    error_message = "The receiver would not accept the delivery."
  }
  assert {
    condition     = output.deliveries[0].data["Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"] == 20
    error_message = "The delivery does not contain the new score."
  }
}

run "someone_disables_the_workflow" {
  module {
    source = "./tests/console"
  }
  variables {
    method = "POST"
    path   = "/workflows/${run.it_is_set_up.workflow_id}/disable"
  }
}

run "the_next_apply_enables_it" {
  assert {
    condition     = falcon_workflow.low_score.enabled
    error_message = "The workflow is still disabled."
  }
}
