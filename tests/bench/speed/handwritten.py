"""The models that somebody would write for five of the payloads: every property with its type, and nothing else.

Annotated classes read the same for pydantic and msgspec: the base class decides.
"""

from typing import Any, Literal

Access = Literal["read", "write"]
EventName = Literal[
    "branch_protection_rule", "check_run", "check_suite", "code_scanning_alert", "commit_comment", "create", "delete",
    "deployment", "deployment_review", "deployment_status", "deploy_key", "discussion", "discussion_comment", "fork", "gollum",
    "issues", "issue_comment", "label", "member", "membership", "merge_group", "merge_queue_entry", "milestone", "organization",
    "org_block", "page_build", "project", "projects_v2_item", "project_card", "project_column", "public", "pull_request",
    "pull_request_review", "pull_request_review_comment", "pull_request_review_thread", "push", "registry_package", "release",
    "repository", "repository_dispatch", "secret_scanning_alert", "secret_scanning_alert_location", "security_and_analysis",
    "star", "status", "team", "team_add", "watch", "workflow_dispatch", "workflow_job", "workflow_run",
]


def models(base: Any, **options: bool) -> dict[str, Any]:
    """The type of each payload's root, by the name of the payload; options are those of each class."""

    class MixinRequest(base, **options):
        code_content: str
        node_type: Literal["effect", "compute", "reducer", "orchestrator"]
        existing_mixins: list[str] | None = None

    class EntityReference(base, **options):
        entity_type: str
        entity_id: str

    class Money(base, **options):
        amount: str
        currency: str

    class RecommendedAction(base, **options):
        action: str
        description: str
        target: EntityReference | None = None
        parameters: dict[str, float | str | bool] | None = None

    class Recommendation(base, **options):
        recommendation_id: str
        type: Literal[
            "inventory_reorder", "pricing", "production_plan", "staffing", "cost_reduction", "risk_mitigation", "process_improvement"
        ]
        priority: Literal["low", "medium", "high", "urgent"]
        actions: list[RecommendedAction]
        rationale: str | None = None
        confidence: float | None = None
        expected_benefit: Money | None = None
        based_on: list[str] | None = None
        expires_at: str | None = None

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
        action: Literal['revoked']
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
        action: Literal['created']
        installation: Installation
        repositories: list[InstallationCreatedEventRepositoriesItem] | None = None
        requester: User | None = None
        sender: User

    return {
        "omninode.codegen.request.mixin": MixinRequest,
        "cauldron.synapse.recommendation.created": Recommendation,
        "GitHub github_app_authorization revoked": GithubAppAuthorizationRevokedEvent,
        "GitHub installation created": InstallationCreatedEvent,
        "GitHub push": PushEvent,
    }
