"""Webhooks of GitHub."""

from typing import Any, Literal

Access = Literal["read", "write"]
Association = Literal["COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "MEMBER", "NONE", "OWNER"]
EventName = Literal[
    "branch_protection_rule", "check_run", "check_suite", "code_scanning_alert", "commit_comment", "create", "delete",
    "dependabot_alert", "deployment", "deployment_protection_rule", "deployment_review", "deployment_status", "deploy_key",
    "discussion", "discussion_comment", "fork", "gollum", "issues", "issue_comment", "label", "member", "membership",
    "merge_group", "merge_queue_entry", "milestone", "organization", "org_block", "page_build", "project",
    "projects_v2_item", "project_card", "project_column", "public", "pull_request", "pull_request_review",
    "pull_request_review_comment", "pull_request_review_thread", "push", "registry_package", "release", "repository",
    "repository_dispatch", "repository_ruleset", "secret_scanning_alert", "secret_scanning_alert_location",
    "security_and_analysis", "star", "status", "team", "team_add", "watch", "workflow_dispatch", "workflow_job",
    "workflow_run",
]


def models(base: Any, **options: Any) -> dict[str, Any]:
    is_pydantic = hasattr(base, "model_validate")

    class Committer(base, **options):
        name: str
        email: str | None
        date: str | None = None
        username: str | None = None

    class Commit(base, **options):
        id: str
        tree_id: str
        distinct: bool
        message: str
        timestamp: str
        url: str
        author: Committer
        committer: Committer
        added: list[str]
        modified: list[str]
        removed: list[str]

    class User(base, **options):
        login: str
        id: int
        node_id: str
        name: str | None = None
        email: str | None = None
        avatar_url: str
        gravatar_id: str
        url: str
        html_url: str
        followers_url: str
        following_url: str
        gists_url: str
        starred_url: str
        subscriptions_url: str
        organizations_url: str
        repos_url: str
        events_url: str
        received_events_url: str
        type: Literal["Bot", "User", "Organization"]
        site_admin: bool

    class License(base, **options):
        key: str
        name: str
        spdx_id: str
        url: str | None
        node_id: str

    class RepositoryPermissions(base, **options):
        pull: bool
        push: bool
        admin: bool
        maintain: bool | None = None
        triage: bool | None = None

    class Repository(base, **options):
        id: int
        node_id: str
        name: str
        full_name: str
        private: bool
        owner: User
        html_url: str
        description: str | None
        fork: bool
        url: str
        forks_url: str
        keys_url: str
        collaborators_url: str
        teams_url: str
        hooks_url: str
        issue_events_url: str
        events_url: str
        assignees_url: str
        branches_url: str
        tags_url: str
        blobs_url: str
        git_tags_url: str
        git_refs_url: str
        trees_url: str
        statuses_url: str
        languages_url: str
        stargazers_url: str
        contributors_url: str
        subscribers_url: str
        subscription_url: str
        commits_url: str
        git_commits_url: str
        comments_url: str
        issue_comment_url: str
        contents_url: str
        compare_url: str
        merges_url: str
        archive_url: str
        downloads_url: str
        issues_url: str
        pulls_url: str
        milestones_url: str
        notifications_url: str
        labels_url: str
        releases_url: str
        deployments_url: str
        created_at: int | str
        updated_at: str
        pushed_at: int | str | None
        git_url: str
        ssh_url: str
        clone_url: str
        svn_url: str
        homepage: str | None
        size: int
        stargazers_count: int
        watchers_count: int
        language: str | None
        has_issues: bool
        has_projects: bool
        has_downloads: bool
        has_wiki: bool
        has_pages: bool
        has_discussions: bool | None = None
        forks_count: int
        mirror_url: str | None
        archived: bool
        disabled: bool | None = None
        open_issues_count: int
        license: License | None
        forks: int
        open_issues: int
        watchers: int
        stargazers: int | None = None
        default_branch: str
        allow_squash_merge: bool | None = None
        allow_merge_commit: bool | None = None
        allow_rebase_merge: bool | None = None
        allow_auto_merge: bool | None = None
        allow_forking: bool | None = None
        allow_update_branch: bool | None = None
        use_squash_pr_title_as_default: bool | None = None
        squash_merge_commit_message: str | None = None
        squash_merge_commit_title: str | None = None
        merge_commit_message: str | None = None
        merge_commit_title: str | None = None
        is_template: bool
        web_commit_signoff_required: bool
        topics: list[str]
        visibility: Literal["public", "private", "internal"]
        delete_branch_on_merge: bool | None = None
        master_branch: str | None = None
        permissions: RepositoryPermissions | None = None
        public: bool | None = None
        organization: str | None = None
        custom_properties: dict[str, list[str] | str | None]

    class InstallationLite(base, **options):
        id: int
        node_id: str

    class Organization(base, **options):
        login: str
        id: int
        node_id: str
        url: str
        html_url: str | None = None
        repos_url: str
        events_url: str
        hooks_url: str
        issues_url: str
        members_url: str
        public_members_url: str
        avatar_url: str
        description: str | None

    class PushEvent(base, **options):
        ref: str
        before: str
        after: str
        created: bool
        deleted: bool
        forced: bool
        base_ref: str | None
        compare: str
        commits: list[Commit]
        head_commit: Commit | None
        repository: Repository
        pusher: Committer
        sender: User
        installation: InstallationLite | None = None
        organization: Organization | None = None

    class GithubAppAuthorizationRevokedEvent(base, **options):
        action: Literal["revoked"]
        sender: User

    class InstallationPermissions(base, **options):
        actions: Access | None = None
        administration: Access | None = None
        blocking: Access | None = None
        checks: Access | None = None
        content_references: Access | None = None
        contents: Access | None = None
        deployments: Access | None = None
        discussions: Access | None = None
        emails: Access | None = None
        environments: Access | None = None
        issues: Access | None = None
        members: Access | None = None
        merge_queues: Access | None = None
        metadata: Access | None = None
        organization_administration: Access | None = None
        organization_events: Access | None = None
        organization_hooks: Access | None = None
        organization_packages: Access | None = None
        organization_plan: Access | None = None
        organization_projects: Access | None = None
        organization_secrets: Access | None = None
        organization_self_hosted_runners: Access | None = None
        organization_user_blocking: Access | None = None
        packages: Access | None = None
        pages: Access | None = None
        pull_requests: Access | None = None
        repository_hooks: Access | None = None
        repository_projects: Access | None = None
        secret_scanning_alerts: Access | None = None
        secrets: Access | None = None
        security_events: Access | None = None
        security_scanning_alert: Access | None = None
        single_file: Access | None = None
        statuses: Access | None = None
        team_discussions: Access | None = None
        vulnerability_alerts: Access | None = None
        workflows: Access | None = None

    class Installation(base, **options):
        id: int
        account: User
        repository_selection: Literal["all", "selected"]
        access_tokens_url: str
        repositories_url: str
        html_url: str
        app_id: int
        app_slug: str | None = None
        target_id: int
        target_type: Literal["User", "Organization"]
        permissions: InstallationPermissions
        events: list[EventName]
        created_at: int | str
        updated_at: int | str
        single_file_name: str | None
        has_multiple_single_files: bool | None = None
        single_file_paths: list[str] | None = None
        suspended_by: User | None
        suspended_at: str | None

    class InstallationCreatedEventRepositoriesItem(base, **options):
        id: int
        node_id: str
        name: str
        full_name: str
        private: bool

    class InstallationCreatedEvent(base, **options):
        action: Literal["created"]
        installation: Installation
        repositories: list[InstallationCreatedEventRepositoriesItem] | None = None
        requester: User | None = None
        sender: User

    class Label(base, **options):
        id: int
        node_id: str
        url: str
        name: str
        description: str | None
        color: str
        default: bool

    class Milestone(base, **options):
        url: str
        html_url: str
        labels_url: str
        id: int
        node_id: str
        number: int
        title: str
        description: str | None
        creator: User
        open_issues: int
        closed_issues: int
        state: Literal["open", "closed"]
        created_at: str
        updated_at: str
        due_on: str | None
        closed_at: str | None

    class AppPermissions(base, **options):
        actions: Literal["read", "write"] | None = None
        administration: Literal["read", "write"] | None = None
        blocking: Literal["read", "write"] | None = None
        checks: Literal["read", "write"] | None = None
        content_references: Literal["read", "write"] | None = None
        contents: Literal["read", "write"] | None = None
        deployments: Literal["read", "write"] | None = None
        discussions: Literal["read", "write"] | None = None
        emails: Literal["read", "write"] | None = None
        environments: Literal["read", "write"] | None = None
        followers: Literal["read", "write"] | None = None
        gpg_keys: Literal["read", "write"] | None = None
        interaction_limits: Literal["read", "write"] | None = None
        issues: Literal["read", "write"] | None = None
        keys: Literal["read", "write"] | None = None
        members: Literal["read", "write"] | None = None
        merge_queues: Literal["read", "write"] | None = None
        metadata: Literal["read", "write"] | None = None
        organization_administration: Literal["read", "write"] | None = None
        organization_hooks: Literal["read", "write"] | None = None
        organization_packages: Literal["read", "write"] | None = None
        organization_plan: Literal["read", "write"] | None = None
        organization_projects: Literal["read", "write"] | None = None
        organization_secrets: Literal["read", "write"] | None = None
        organization_self_hosted_runners: Literal["read", "write"] | None = None
        organization_user_blocking: Literal["read", "write"] | None = None
        packages: Literal["read", "write"] | None = None
        pages: Literal["read", "write"] | None = None
        plan: Literal["read", "write"] | None = None
        pull_requests: Literal["read", "write"] | None = None
        repository_hooks: Literal["read", "write"] | None = None
        repository_projects: Literal["read", "write"] | None = None
        secret_scanning_alerts: Literal["read", "write"] | None = None
        secrets: Literal["read", "write"] | None = None
        security_events: Literal["read", "write"] | None = None
        security_scanning_alert: Literal["read", "write"] | None = None
        single_file: Literal["read", "write"] | None = None
        starring: Literal["read", "write"] | None = None
        statuses: Literal["read", "write"] | None = None
        team_discussions: Literal["read", "write"] | None = None
        vulnerability_alerts: Literal["read", "write"] | None = None
        watching: Literal["read", "write"] | None = None
        workflows: Literal["read", "write"] | None = None

    class App(base, **options):
        id: int
        slug: str | None = None
        node_id: str
        owner: User
        name: str
        description: str | None
        external_url: str
        html_url: str
        created_at: str
        updated_at: str
        permissions: AppPermissions | None = None
        events: list[EventName] | None = None

    class IssuePullRequest(base, **options):
        url: str | None = None
        html_url: str | None = None
        diff_url: str | None = None
        patch_url: str | None = None
        merged_at: str | None = None

    class Reactions(base, **options):
        url: str
        total_count: int
        # `+1` and `-1` are no names, and each library spells an alias in its own way.
        laugh: int
        hooray: int
        confused: int
        heart: int
        rocket: int
        eyes: int

    class Issue(base, **options):
        url: str
        repository_url: str
        labels_url: str
        comments_url: str
        events_url: str
        html_url: str
        id: int
        node_id: str
        number: int
        title: str
        user: User
        labels: list[Label] | None = None
        state: Literal["open", "closed"] | None = None
        locked: bool | None = None
        assignee: User | None = None
        assignees: list[User]
        milestone: Milestone | None
        comments: int
        created_at: str
        updated_at: str
        closed_at: str | None
        author_association: Association
        active_lock_reason: Literal["resolved", "off-topic", "too heated", "spam"] | None
        draft: bool | None = None
        performed_via_github_app: App | None = None
        pull_request: IssuePullRequest | None = None
        body: str | None
        reactions: Reactions
        timeline_url: str | None = None
        state_reason: str | None = None

    class IssuesOpenedEventChanges(base, **options):
        old_issue: Issue
        old_repository: Repository

    class IssuesOpenedEventIssue(base, **options):
        url: str
        repository_url: str
        labels_url: str
        comments_url: str
        events_url: str
        html_url: str
        id: int
        node_id: str
        number: int
        title: str
        user: User
        labels: list[Label] | None = None
        state: Literal["open"]
        locked: bool | None = None
        assignee: User | None = None
        assignees: list[User]
        milestone: Milestone | None
        comments: int
        created_at: str
        updated_at: str
        closed_at: None
        author_association: Association
        active_lock_reason: Literal["resolved", "off-topic", "too heated", "spam"] | None
        draft: bool | None = None
        performed_via_github_app: App | None = None
        pull_request: IssuePullRequest | None = None
        body: str | None
        reactions: Reactions
        timeline_url: str | None = None
        state_reason: str | None = None

    class IssuesOpenedEvent(base, **options):
        action: Literal["opened"]
        changes: IssuesOpenedEventChanges | None = None
        issue: IssuesOpenedEventIssue
        repository: Repository
        sender: User
        installation: InstallationLite | None = None
        organization: Organization | None = None

    class Workflow(base, **options):
        badge_url: str
        created_at: str
        html_url: str
        id: int
        name: str
        node_id: str
        path: str
        state: str
        updated_at: str
        url: str

    class SimpleCommit(base, **options):
        id: str
        tree_id: str
        message: str
        timestamp: str
        author: Committer
        committer: Committer

    class RepositoryLite(base, **options):
        archive_url: str
        assignees_url: str
        blobs_url: str
        branches_url: str
        collaborators_url: str
        comments_url: str
        commits_url: str
        compare_url: str
        contents_url: str
        contributors_url: str
        deployments_url: str
        description: str | None
        downloads_url: str
        events_url: str
        fork: bool
        forks_url: str
        full_name: str
        git_commits_url: str
        git_refs_url: str
        git_tags_url: str
        hooks_url: str
        html_url: str
        id: int
        issue_comment_url: str
        issue_events_url: str
        issues_url: str
        keys_url: str
        labels_url: str
        languages_url: str
        merges_url: str
        milestones_url: str
        name: str
        node_id: str
        notifications_url: str
        owner: User
        private: bool
        pulls_url: str
        releases_url: str
        stargazers_url: str
        statuses_url: str
        subscribers_url: str
        subscription_url: str
        tags_url: str
        teams_url: str
        trees_url: str
        url: str

    class RepoRef(base, **options):
        id: int
        url: str
        name: str

    class WorkflowRunPullRequestsItemHead(base, **options):
        ref: str
        sha: str
        repo: RepoRef

    class WorkflowRunPullRequestsItemBase(base, **options):
        ref: str
        sha: str
        repo: RepoRef

    class WorkflowRunPullRequestsItem(base, **options):
        url: str
        id: float
        number: float
        head: WorkflowRunPullRequestsItemHead
        base: WorkflowRunPullRequestsItemBase

    class ReferencedWorkflow(base, **options):
        path: str
        sha: str
        ref: str | None = None

    class WorkflowRunCompletedEventWorkflowRun(base, **options):
        artifacts_url: str
        cancel_url: str
        check_suite_url: str
        check_suite_id: int
        check_suite_node_id: str
        conclusion: Literal["success", "failure", "neutral", "cancelled", "timed_out", "action_required", "stale", "skipped"]
        created_at: str
        event: str
        head_branch: str
        head_commit: SimpleCommit
        head_repository: RepositoryLite
        head_sha: str
        path: str
        display_title: str
        html_url: str
        id: int
        jobs_url: str
        logs_url: str
        node_id: str
        name: str
        pull_requests: list[WorkflowRunPullRequestsItem]
        repository: RepositoryLite
        rerun_url: str
        run_number: int
        status: Literal["requested", "in_progress", "completed", "queued", "waiting"]
        updated_at: str
        url: str
        workflow_id: int
        workflow_url: str
        run_attempt: int
        referenced_workflows: list[ReferencedWorkflow] | None = None
        run_started_at: str
        previous_attempt_url: str | None
        actor: User
        triggering_actor: User

    class WorkflowRunCompletedEvent(base, **options):
        action: Literal["completed"]
        organization: Organization | None = None
        repository: Repository
        sender: User
        workflow: Workflow
        workflow_run: WorkflowRunCompletedEventWorkflowRun
        installation: InstallationLite | None = None

    class TeamParent(base, **options):
        name: str
        id: int
        node_id: str
        slug: str
        description: str | None
        privacy: Literal["open", "closed", "secret"]
        url: str
        html_url: str
        members_url: str
        repositories_url: str
        permission: str
        notification_setting: Literal["notifications_enabled", "notifications_disabled"] | None = None

    class Team(base, **options):
        name: str
        id: int
        node_id: str
        slug: str
        description: str | None
        privacy: Literal["open", "closed", "secret"]
        url: str
        html_url: str
        members_url: str
        repositories_url: str
        permission: str
        parent: TeamParent | None = None
        notification_setting: Literal["notifications_enabled", "notifications_disabled"] | None = None

    class PullRequestHead(base, **options):
        label: str
        ref: str
        sha: str
        user: User
        repo: Repository | None

    class PullRequestBase(base, **options):
        label: str
        ref: str
        sha: str
        user: User
        repo: Repository

    class Link(base, **options):
        href: str

    class PullRequestLinks(base, **options):
        self: Link
        html: Link
        issue: Link
        comments: Link
        review_comments: Link
        review_comment: Link
        commits: Link
        statuses: Link

    class PullRequestAutoMerge(base, **options):
        enabled_by: User | None
        merge_method: Literal["merge", "squash", "rebase"]
        commit_title: str | None
        commit_message: str | None

    class PullRequestClosedEventPullRequest(base, **options):
        url: str
        id: int
        node_id: str
        html_url: str
        diff_url: str
        patch_url: str
        issue_url: str
        number: int
        state: Literal["closed"]
        locked: bool
        title: str
        user: User
        body: str | None
        created_at: str
        updated_at: str
        closed_at: str
        merged_at: str | None
        merge_commit_sha: str | None
        assignee: User | None
        assignees: list[User]
        # msgspec takes no union of structs without tags.
        requested_reviewers: list[User | Team if is_pydantic else User]
        requested_teams: list[Team]
        labels: list[Label]
        milestone: Milestone | None
        commits_url: str
        review_comments_url: str
        review_comment_url: str
        comments_url: str
        statuses_url: str
        head: PullRequestHead
        base: PullRequestBase
        _links: PullRequestLinks
        author_association: Association
        auto_merge: PullRequestAutoMerge | None
        active_lock_reason: Literal["resolved", "off-topic", "too heated", "spam"] | None
        draft: bool
        merged: bool
        mergeable: bool | None
        rebaseable: bool | None
        mergeable_state: str
        merged_by: User | None
        comments: int
        review_comments: int
        maintainer_can_modify: bool
        commits: int
        additions: int
        deletions: int
        changed_files: int

    class PullRequestClosedEvent(base, **options):
        action: Literal["closed"]
        number: int
        pull_request: PullRequestClosedEventPullRequest
        repository: Repository
        installation: InstallationLite | None = None
        organization: Organization | None = None
        sender: User

    return {
        "GitHub github_app_authorization revoked": GithubAppAuthorizationRevokedEvent,
        "GitHub installation created": InstallationCreatedEvent,
        "GitHub push": PushEvent,
        "GitHub issues opened": IssuesOpenedEvent,
        "GitHub workflow_run completed": WorkflowRunCompletedEvent,
        "GitHub pull_request closed": PullRequestClosedEvent,
    }
